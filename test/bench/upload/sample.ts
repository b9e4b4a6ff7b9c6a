import { createHash, randomBytes } from "node:crypto";
import { open, stat } from "node:fs/promises";
import type { Digest } from "../../../content/digest.ts";
import { makeDigest } from "../../../content/parse-digest.ts";

/** A file that is uploaded. */
export interface Sample {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly digest: Digest;
}

/** What is written again and again, in MiB: no line makes it smaller. */
export const partMiB = 16;

/** Make a file of random bytes that repeat. @param parts how often */
export async function makeSample(path: string, parts: number): Promise<Sample> {
  const part = randomBytes(partMiB * 1024 * 1024);
  const hash = createHash("sha256");
  {
    await using file = await open(path, "w");
    for (let index = 0; index < parts; index += 1) {
      hash.update(part);
      await file.write(part);
    }
    // What is measured is not the writing of this.
    await file.sync();
  }
  const { size } = await stat(path);
  return { path, size, digest: makeDigest("sha256", hash.digest("hex")) };
}
