import type { Hash } from "node:crypto";
import { createHash } from "node:crypto";
import type { Algorithm, Digest } from "../../content/digest.ts";
import { algorithmOf, algorithms } from "../../content/digest.ts";
import { makeDigest } from "../../content/parse-digest.ts";
import type { WriterOptions } from "../../content/store.ts";

/** A digest under way. Its state can be forked, so that it never runs ahead of what is stored. */
export class Hasher {
  readonly algorithm: Algorithm;
  readonly #hash: Hash;

  constructor(algorithm: Algorithm, hash = createHash(algorithm)) {
    this.algorithm = algorithm;
    this.#hash = hash;
  }

  update(data: Uint8Array): this {
    this.#hash.update(data);
    return this;
  }

  /** Another one that stands where this one does. */
  fork(): Hasher {
    return new Hasher(this.algorithm, this.#hash.copy());
  }

  /** Of the bytes so far; more may follow. */
  digest(): Digest {
    return makeDigest(this.algorithm, this.#hash.copy().digest("hex"));
  }
}

/** What a writer hashes with: what it asks for, or as the declared digest, or the default. */
export function algorithmFor({ algorithm }: WriterOptions, expected: Digest | undefined): Algorithm {
  return algorithm ?? (expected === undefined ? (algorithms[0] ?? "sha256") : algorithmOf(expected));
}
