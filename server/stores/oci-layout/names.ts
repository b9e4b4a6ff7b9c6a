import { opendir } from "node:fs/promises";
import type { Algorithm, Digest } from "../../../content/digest.ts";
import { hexLength, isDigest } from "../../../content/digest.ts";
import { throwIfCancelled } from "../../../content/errors.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import { folderError, unavailable } from "./folder.ts";

export interface NamesOptions {
  readonly algorithm: Algorithm;
  /** Told once of how many entries have no digest's name; not where there are none. */
  readonly odd?: (count: number) => void;
  readonly signal?: AbortSignal | undefined;
  /** Digests that are held at once. */
  readonly held?: number;
  /** Digests with the same first byte that can be put in order. */
  readonly alike?: number;
}

/** 32 MB of sha256: a folder of a million blobs is passed over once, which takes 2 s; one of ten million ten times. */
const defaultHeld = 1_000_000;

/** They are sorted in 0.1 s. Digests are spread evenly, so that only who chooses names gets there before 25 million blobs. */
const defaultAlike = 100_000;

/** Entries that the system is asked for at once. */
const entriesAtOnce = 1024;

/** Values of a first byte. */
const firstBytes = 256;

/**
 * The digests that a folder has files for, in order, some thousand at a time.
 *
 * A folder tells its names in no order. As texts a million of them take 100 MB, and sorting them a second in which nothing else is
 * answered; so they are kept as bytes, apart by the first one, and sorted as they are told. What does not find room waits for the
 * next pass.
 *
 * @throws `unavailable` where the folder cannot be read, or too many names begin alike
 */
export async function* digestsIn(
  directory: string,
  { algorithm, odd, signal, held = defaultHeld, alike = defaultAlike }: NamesOptions,
): AsyncGenerator<readonly Digest[], void, undefined> {
  for (let from = 0; from < firstBytes; ) {
    const heap = createHeap(algorithm, from, held, alike);
    let oddCount = 0;
    try {
      for await (const { name } of await opendir(directory, { bufferSize: entriesAtOnce })) {
        throwIfCancelled(signal);
        if (isDigest(`${algorithm}:${name}`)) heap.add(name);
        else oddCount += 1;
      }
    } catch (error) {
      throw folderError(error, "list its blobs");
    }
    if (from === 0 && oddCount > 0) odd?.(oddCount);
    for (; from < heap.until; from += 1) {
      const digests = heap.take(from);
      if (digests.length > 0) yield digests;
    }
  }
}

/** Digests apart by their first byte, of which the last give way where there are too many. */
function createHeap(algorithm: Algorithm, from: number, held: number, alike: number) {
  const buckets = new Map<number, Bucket>();
  let until = firstBytes;
  let count = 0;

  function drop(first: number): void {
    count -= buckets.get(first)?.count ?? 0;
    buckets.delete(first);
  }

  return {
    /** The first byte that has to wait. */
    get until() {
      return until;
    },
    /** @param hex of a digest of the algorithm */
    add(hex: string): void {
      const first = Number.parseInt(hex.slice(0, 2), 16);
      if (first < from || first >= until) return;
      const bucket = buckets.get(first) ?? new Bucket(algorithm);
      buckets.set(first, bucket);
      if (bucket.count === alike) throw unavailable(`more than ${alike} of its blobs have names that begin alike`);
      bucket.add(hex);
      count += 1;
      while (count > held && until > from + 1) {
        until -= 1;
        drop(until);
      }
    },
    /** Those of a first byte, in order; they are not held any more. */
    take(first: number): readonly Digest[] {
      const digests = buckets.get(first)?.sorted() ?? [];
      drop(first);
      return digests;
    },
  };
}

/** Digests as bytes, one after the other. */
class Bucket {
  count = 0;
  readonly #algorithm: Algorithm;
  readonly #width: number;
  #bytes: Buffer;

  constructor(algorithm: Algorithm) {
    this.#algorithm = algorithm;
    this.#width = hexLength[algorithm] / 2;
    this.#bytes = Buffer.alloc(this.#width);
  }

  add(hex: string): void {
    const at = this.count * this.#width;
    if (at === this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], 2 * at);
    this.#bytes.write(hex, at, "hex");
    this.count += 1;
  }

  sorted(): readonly Digest[] {
    const width = this.#width;
    const hexes = Array.from({ length: this.count }, (_, at) =>
      this.#bytes.toString("hex", at * width, (at + 1) * width),
    );
    return hexes.sort().map((hex) => makeDigest(this.#algorithm, hex));
  }
}
