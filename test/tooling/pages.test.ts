import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { finishPages, inlineScriptHashes } from "../../scripts/setup/pages.mjs";

const hashOf = (script: string): string => `'sha256-${createHash("sha256").update(script).digest("base64")}'`;

test("every inline script of a page is allowed once, and none that has an address", () => {
  const html = `<head><script>let a = "é<b>";</script><script src="/x.js" async=""></script></head>
    <SCRIPT id="b">
      two()
    </SCRIPT><script>let a = "é<b>";</script><script data-src="x">three()</script>`;
  const scripts = ['let a = "é<b>";', "\n      two()\n    ", "three()"];
  expect(inlineScriptHashes(html)).toEqual(scripts.map(hashOf));
});

test("a page without scripts allows none", () => {
  expect(inlineScriptHashes("<p>script</p>")).toEqual([]);
});

test("built pages get their scripts' hashes by name, and what is text its compressed forms", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stowage-pages-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const page = `<script>one()</script>${"<p>many words</p>".repeat(100)}`;
  await mkdir(join(folder, "blob"));
  await writeFile(join(folder, "blob", "index.html"), page);
  await writeFile(join(folder, "small.html"), "<p>few words</p>");
  await writeFile(join(folder, "font.woff2"), "x".repeat(5000));

  await finishPages(folder);

  expect(JSON.parse(await readFile(join(folder, "csp.json"), "utf8"))).toEqual({
    "/blob/index.html": [hashOf("one()")],
    "/small.html": [],
  });
  expect((await readdir(folder)).sort()).toEqual(["blob", "csp.json", "font.woff2", "small.html"]);
  expect(brotliDecompressSync(await readFile(join(folder, "blob", "index.html.br"))).toString()).toBe(page);
  expect(gunzipSync(await readFile(join(folder, "blob", "index.html.gz"))).toString()).toBe(page);
});

test("large scripts that a page begins with are marked to be compiled ahead, once, and no others", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stowage-pages-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [large, small] = ["one();".repeat(5000), "one();"];
  await writeFile(
    join(folder, "page.html"),
    '<script src="/large.js" async=""></script><script src="/small.js"></script>',
  );
  await writeFile(join(folder, "large.js"), large);
  await writeFile(join(folder, "small.js"), small);
  await writeFile(join(folder, "later.js"), large);

  await finishPages(folder);
  await finishPages(folder);

  const marked = `//# allFunctionsCalledOnLoad\n${large}`;
  expect(await readFile(join(folder, "large.js"), "utf8")).toBe(marked);
  expect(gunzipSync(await readFile(join(folder, "large.js.gz"))).toString()).toBe(marked);
  expect(await readFile(join(folder, "small.js"), "utf8")).toBe(small);
  expect(await readFile(join(folder, "later.js"), "utf8")).toBe(large);
});
