import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** An empty directory for one test; it goes with the test. */
export async function makeTempDir(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "stowage-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
