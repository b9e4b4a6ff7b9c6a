import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const repository = join(import.meta.dirname, "..", "..", "..");

/** Where the modules are, for the page. */
const folder = "/library/";

/** Names of packages after `from`; an import for its effects alone has none. */
const packages = /(\bfrom\s*)(["'])([^"'.\n][^"'\n]*)\2/g;

/** What its server sends may run, and nothing else: no inline script, no eval, no wasm. */
const headers = {
  "content-security-policy": "default-src 'none'; connect-src 'self'; img-src data:; script-src 'self'",
};

/** A page with a script of the tests. Its icon keeps the browser from asking the server for one. */
const htmlWith = (script: string) => `<!doctype html>
<title>Library</title>
<link rel="icon" href="data:,">
<script type="module" src="${folder}${script}"></script>`;

/**
 * Shows a page that has the library as it stands here, without a bundler: each file is a module of its own, without its types,
 * and names of packages are replaced by where their files are.
 *
 * @param origin of the server that it talks to, which it seems to come from
 * @param script path of the module that the page runs, in this repository
 */
export async function showLibrary(page: Page, origin: string, script: string): Promise<void> {
  await page.route(`${origin}${folder}**`, async (route) => {
    const path = new URL(route.request().url()).pathname.slice(folder.length);
    if (path === "") await route.fulfill({ headers, contentType: "text/html", body: htmlWith(script) });
    else await route.fulfill({ headers, contentType: "text/javascript", body: await moduleAt(path) });
  });
  await page.goto(origin + folder);
}

async function moduleAt(path: string): Promise<string> {
  const text = await readFile(join(repository, path), "utf8");
  const plain = path.endsWith(".ts") ? stripTypeScriptTypes(text) : text;
  return plain.replace(packages, (_, before: string, quote: string, name: string) => {
    const file = relative(repository, fileURLToPath(import.meta.resolve(name)));
    return `${before}${quote}${folder}${file}${quote}`;
  });
}
