import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { algorithms } from "../../content/digest.ts";
import type { CreateHasher } from "../../content/hasher.ts";
import { createHasher } from "../../content/hasher.ts";
import { digestOf, noise } from "../suite/support.ts";

const inNode: CreateHasher = createHash;

test.each(algorithms)("%s of bytes in pieces is that of all of them, ours and Node's", async (algorithm) => {
  const data = noise(10_000);
  for (const create of [createHasher, inNode]) {
    const hasher = await create(algorithm);
    hasher.update(data.subarray(0, 1));
    hasher.update(data.subarray(1, 1));
    hasher.update(data.subarray(1));
    expect(`${algorithm}:${hasher.digest("hex")}`).toBe(digestOf(data, algorithm));
  }
});
