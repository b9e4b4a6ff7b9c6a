import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../scripts/setup/paths.mjs";
import { brokenLinks } from "../support/links.ts";
import { makeTempDir } from "../support/temp-dir.ts";

test("every link of the pages leads to a file or a heading that is there", async () => {
  const docs = (await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md"));
  const pages = ["README.md", "content/README.md", ...docs.map((name) => `docs/${name}`)];
  expect(await brokenLinks(root, pages)).toEqual([]);
});

test("a link to no file and one to no heading are found", async () => {
  const folder = await makeTempDir();
  await writeFile(join(folder, "a.md"), "# A `b` of C\n[1](a.md) [2](#a-b-of-c) [3](none.md) [4](a.md#d)\n");
  expect(await brokenLinks(folder, ["a.md"])).toEqual(["a.md: none.md", "a.md: a.md#d"]);
});
