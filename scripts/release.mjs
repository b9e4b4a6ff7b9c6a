// Makes the release: a tarball that runs wherever there is a Node, in dist/ or the folder that is given; prints its path and size.
// With --with-node this machine's Node is in it too, and its name says for which machines it is.
import { mkdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { packRelease } from "./release/pack.mjs";
import { root } from "./setup/paths.mjs";
import { SetupError } from "./setup/setup-error.mjs";

try {
  const { values, positionals } = readArgs();
  const folder = resolve(positionals[0] ?? join(root, "dist"));
  await mkdir(folder, { recursive: true });
  const path = await packRelease(folder, values["with-node"] === true);
  const { size } = await stat(path);
  process.stdout.write(`${path} ${(size / 1e6).toFixed(1)} MB\n`);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`release: ${error.message}\n`);
  process.exitCode = 1;
}

function readArgs() {
  try {
    return parseArgs({ options: { "with-node": { type: "boolean" } }, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [reason] = error.message.split(/\.\s/, 1);
    throw new SetupError(`${reason}; there is --with-node, and the folder to put it into`);
  }
}
