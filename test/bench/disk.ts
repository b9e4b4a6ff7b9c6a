import { stat } from "node:fs/promises";
import { join } from "node:path";
import { run } from "../support/run.ts";
import { BenchError } from "./bench-error.ts";

/** How long it may take to count a million files, in milliseconds. */
const countMs = 300_000;

/** What a data directory takes on disk, in bytes; `files` counts whole blocks, of files and directories. */
export async function kept(root: string): Promise<{ readonly files: number; readonly database: number }> {
  const { status, stdout, stderr } = await run("du", ["-s", "-B1", join(root, "blobs")], { timeoutMs: countMs });
  if (status !== 0) throw new BenchError(`cannot count ${root}: ${stderr.trim()}`);
  const { blocks } = await stat(join(root, "metadata.db"));
  return { files: Number.parseInt(stdout, 10), database: blocks * 512 };
}
