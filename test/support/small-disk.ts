import { onTestFinished } from "vitest";
import { run } from "./run.ts";
import { makeTempDir } from "./temp-dir.ts";

/**
 * A directory on a disk of its own, which goes with the test.
 *
 * @param size as mount takes it, such as `8m`
 */
export async function makeSmallDisk(size: string): Promise<string> {
  const path = await makeTempDir();
  const mounted = await run("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", path]);
  if (mounted.status !== 0)
    throw new Error(`mounting a small disk needs root: sudo npm test (${mounted.stderr.trim()})`);
  onTestFinished(async () => {
    await run("umount", ["-l", path]);
  });
  return path;
}
