import type { Digest } from "../../../content/index.ts";
import { connectTransport, createRemoteStore, readBlob } from "../../../content/index.ts";

/** What a page is asked to read. */
export interface PageTask {
  readonly namespace: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** Milliseconds that a read took. */
export interface PageTimes {
  /** Without a look at the digest. */
  readonly readMs: number;
  readonly verifiedMs: number;
}

/** Reads the blob of a task, without and with a look at its digest. */
async function timeReads({ namespace, digest, size }: PageTask): Promise<PageTimes> {
  const store = createRemoteStore(connectTransport(location.origin), { namespace });
  const read = async (verify: boolean) => {
    const begun = performance.now();
    for await (const _ of readBlob(store, { digest, size }, { verify }));
    return performance.now() - begun;
  };
  return { readMs: await read(false), verifiedMs: await read(true) };
}

Object.assign(globalThis, { timeReads });
