import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readDataId } from "../../server/data-id.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("a directory keeps the UUID that it was given first, and another one has another", async () => {
  const root = await makeTempDir();
  const id = await readDataId(root);
  expect(id).toMatch(uuid);
  expect(await readDataId(root)).toBe(id);
  expect(await readFile(join(root, "uuid"), "utf8")).toBe(`${id}\n`);
  expect(await readDataId(await makeTempDir())).not.toBe(id);
});

test("a file that holds none is replaced", async () => {
  const root = await makeTempDir();
  await writeFile(join(root, "uuid"), "half of a uu");
  expect(await readDataId(root)).toMatch(uuid);
});
