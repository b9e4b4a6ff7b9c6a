import { createHash } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Text is compressed; pictures and fonts are already. */
const compressible = /\.(?:css|html|js|json|svg|txt|webmanifest)$/;

/** Smaller files fit in one packet as they are. */
const compressedFromBytes = 1024;

/** By the ending that the server looks for. */
const codings = {
  ".br": (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
  ".gz": (body) => promisify(gzip)(body, { level: 9 }),
};

/** The first line of a script all of whose functions V8 is to compile as it arrives, beside the page's thread, and not one by one on it. */
const compileAhead = "//# allFunctionsCalledOnLoad\n";

/** Chromium compiles smaller scripts on the page's thread in any case. */
const aheadFromBytes = 30_000;

/**
 * Add to the built pages what the server reads beside them: `csp.json`, the hashes of each page's inline scripts, and the
 * compressed forms of what is text. The scripts that pages begin with are marked to be compiled ahead.
 *
 * @param {string} folder of a static export
 */
export async function finishPages(folder) {
  const files = await filesIn(folder);
  await markFirstScripts(folder, files);
  /** @type {Record<string, string[]>} */
  const hashes = {};
  for (const name of files) {
    const body = await readFile(join(folder, name));
    if (name.endsWith(".html")) hashes[name] = inlineScriptHashes(body.toString());
    if (compressible.test(name) && body.length >= compressedFromBytes) await compress(join(folder, name), body);
  }
  await writeFile(join(folder, "csp.json"), JSON.stringify(hashes));
}

/**
 * Mark the large scripts that pages name. Of what is loaded later little is called at once, and a worker compiles on the thread that
 * waits for it.
 *
 * @param {string} folder
 * @param {readonly string[]} files
 */
async function markFirstScripts(folder, files) {
  /** @type {Set<string>} */
  const first = new Set();
  for (const name of files.filter((name) => name.endsWith(".html"))) {
    const html = await readFile(join(folder, name), "utf8");
    for (const [, path = ""] of html.matchAll(/<script\b[^>]*\ssrc="([^"?]+)/gi)) first.add(path);
  }
  for (const name of files.filter((name) => first.has(name))) {
    const script = await readFile(join(folder, name), "utf8");
    const isWorthIt = script.length >= aheadFromBytes && !script.startsWith(compileAhead);
    if (isWorthIt) await writeFile(join(folder, name), compileAhead + script);
  }
}

/**
 * Find what a page's policy has to allow.
 *
 * @param {string} html
 * @returns {string[]} each once, as a source of a content security policy: `'sha256-…'`
 */
export function inlineScriptHashes(html) {
  const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)];
  const inline = scripts.filter(([, attributes = ""]) => !/\ssrc\s*=/i.test(attributes));
  return [...new Set(inline.map(([, , text = ""]) => hashOf(text)))];
}

/** @param {string} script */
function hashOf(script) {
  return `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
}

/**
 * @param {string} folder
 * @param {string} [prefix] of the names
 * @returns {Promise<string[]>} in order, from the folder on, each with a leading slash
 */
async function filesIn(folder, prefix = "") {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = entries.map((entry) => {
    const name = `${prefix}/${entry.name}`;
    return entry.isDirectory() ? filesIn(join(folder, entry.name), name) : [name];
  });
  return (await Promise.all(nested)).flat().sort();
}

/**
 * Write the compressed forms of a file beside it, where they are smaller.
 *
 * @param {string} path
 * @param {Buffer} body
 */
async function compress(path, body) {
  for (const [ending, encode] of Object.entries(codings)) {
    const compressed = await encode(body);
    if (compressed.length < body.length) await writeFile(path + ending, compressed);
  }
}
