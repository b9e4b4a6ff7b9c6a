import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { programs } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";
import { installDebianPackages } from "./system.mjs";

/** What Node's own build needs of a system, by the files that its loader names; slim ones lack it. */
const libraries = [{ file: "libatomic.so.1", name: "libatomic1" }];

/**
 * See that the Node that npm installed starts, and install what it lacks where that can be done.
 *
 * @throws {SetupError} in one line that says what to do
 */
export async function makeNodeStart() {
  const fault = faultOfNode();
  if (fault === undefined) return;
  const missing = libraries.find(({ file }) => fault.includes(file));
  if (missing !== undefined && (await installDebianPackages([missing.name], "Node"))) {
    const left = faultOfNode();
    if (left === undefined) return;
    throw new SetupError(`the Node that npm installed does not start: ${left}`);
  }
  const advice = missing === undefined ? "" : `; sudo apt-get install ${missing.name}`;
  throw new SetupError(`the Node that npm installed does not start: ${fault}${advice}`);
}

/** @returns {string | undefined} what it says instead of starting, in one line */
function faultOfNode() {
  const { status, stderr, error } = spawnSync(join(programs, "node"), ["--version"], { encoding: "utf8" });
  if (status === 0) return undefined;
  return error?.message ?? stderr.trim().split("\n")[0] ?? `it ends with ${status}`;
}
