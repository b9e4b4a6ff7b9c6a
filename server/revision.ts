import { readFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * The commit that a folder has checked out, read from git's own files, so that no git is needed.
 *
 * @param project the folder that `.git` is in
 * @returns hexadecimal digits; empty where it cannot be told, as in a copy without `.git`
 */
export async function readRevision(project: string): Promise<string> {
  const git = join(project, ".git");
  try {
    const head = (await readFile(join(git, "HEAD"), "utf8")).trim();
    const ref = /^ref: (?<ref>refs\/\S+)$/.exec(head)?.groups?.["ref"];
    const commit = ref === undefined ? head : await readRef(git, ref);
    return /^[0-9a-f]{40,64}$/.test(commit) ? commit : "";
  } catch {
    return "";
  }
}

/** A ref is a file of its own, or a line of the packed ones. */
async function readRef(git: string, ref: string): Promise<string> {
  const loose = await readFile(join(git, ref), "utf8").catch(() => undefined);
  if (loose !== undefined) return loose.trim();
  const packed = await readFile(join(git, "packed-refs"), "utf8");
  const line = packed.split("\n").find((entry) => entry.endsWith(` ${ref}`));
  return line?.split(" ", 1)[0] ?? "";
}
