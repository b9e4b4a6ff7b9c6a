import { existsSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join } from "node:path";
import { root } from "../setup/paths.mjs";

/** Where a source may name another one: what it imports, and the entries of threads. */
const naming = /"([\w./-]+)\.ts"/g;

/**
 * A source without its types, as a module: lines and columns stay as they are. Node would do the same at every start and in every
 * thread, and take 20 MB for it.
 *
 * @param {import("./files.mjs").ReleaseFile} file
 * @returns {import("./files.mjs").ReleaseFile} the same where it is no source
 */
export function withoutTypes({ path, body, ...file }) {
  if (!path.endsWith(".ts")) return { path, body, ...file };
  const folder = join(root, dirname(path));
  const text = stripTypeScriptTypes(body.toString()).replaceAll(naming, (named, stem) =>
    existsSync(join(folder, `${stem}.ts`)) ? `"${stem}.js"` : named,
  );
  return { path: path.replace(/\.ts$/, ".js"), body: Buffer.from(text), ...file };
}
