import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { root } from "../setup/paths.mjs";
import { run } from "../setup/run.mjs";

/** Where a module names another one of ours. */
const importing = /(\bfrom\s*|\bimport\s*\(?\s*)"(\.{1,2}\/[^"]+)"/g;

/** An emitted module stays readable, and runs where a Node of two years ago does. */
const emitting = ["--noEmit", "false", "--declaration", "--target", "es2022", "--rewriteRelativeImportExtensions"];

/**
 * Compile content/, and write what the entries lead to: content/ and gen/, as modules with their types.
 *
 * @param {string} folder that they are written to
 * @param {readonly string[]} entries such as `content/index.d.ts`
 */
export async function emitModules(folder, entries) {
  const emitted = await mkdtemp(join(tmpdir(), "stowage-modules-"));
  try {
    const args = ["-p", "content", ...emitting, "--rootDir", root, "--outDir", emitted];
    await run("tsc", args, { ownPrograms: true });
    const seen = new Set(entries.flatMap(filesOf));
    // It grows while it is gone through.
    for (const path of seen) {
      const isOurs = path.startsWith("content/");
      const text = withModuleNames(await readFile(join(isOurs ? emitted : root, path), "utf8"));
      for (const [, , specifier = ""] of text.matchAll(importing)) {
        for (const file of filesOf(posix.join(posix.dirname(path), specifier))) seen.add(file);
      }
      await mkdir(dirname(join(folder, path)), { recursive: true });
      if (isOurs) await writeFile(join(folder, path), text);
      else await copyFile(join(root, path), join(folder, path));
    }
  } finally {
    await rm(emitted, { recursive: true, force: true });
  }
}

/**
 * @param {string} path of a module or of its types
 * @returns {string[]} both
 */
function filesOf(path) {
  const stem = path.replace(/\.(?:d\.ts|js)$/, "");
  return [`${stem}.js`, `${stem}.d.ts`];
}

/**
 * The compiler leaves the names of sources in types; they are to be those of modules, as everywhere else.
 *
 * @param {string} text
 */
function withModuleNames(text) {
  return text.replaceAll(importing, (_, before, specifier) => `${before}"${specifier.replace(/\.ts$/, ".js")}"`);
}
