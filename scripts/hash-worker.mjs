// Writes `hash-worker.js`, the script of the worker that hashes files for the page, into the folder named on the command line. It is one
// file that needs no other: hash-wasm's sha256, and ours without its types. Bundled with the pages it would share its first
// script, and so the policy of that script, with every other worker.
import { readFile, writeFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { join } from "node:path";
import { modules, root } from "./setup/paths.mjs";

const [folder = "."] = process.argv.slice(2);
const library = await readFile(join(modules, "hash-wasm", "dist", "sha256.umd.min.js"), "utf8");
const worker = stripTypeScriptTypes(await readFile(join(root, "app", "_upload", "hash-worker.ts"), "utf8"));
await writeFile(join(folder, "hash-worker.js"), `${library.trimEnd()}\n${worker.trimStart()}`);
