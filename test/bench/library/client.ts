import type { Digest } from "../../../content/index.ts";
import { connectTransport, createRemoteStore, readBlob, sourceOfFile, writeBlob } from "../../../content/index.ts";

/** What a page is asked to move. */
export interface PageTask {
  readonly namespace: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  /** Base64 of the bytes that repeat in the blob. */
  readonly part: string;
}

/** Milliseconds that each way took. */
export interface PageTimes {
  readonly readMs: number;
  readonly verifiedMs: number;
  readonly writeMs: number;
}

/** Reads the blob of a task, without and with a look at its digest, then writes it into another namespace. */
async function moveBlob({ namespace, digest, size, part }: PageTask): Promise<PageTimes> {
  const transport = connectTransport(location.origin);
  const from = createRemoteStore(transport, { namespace });
  const read = async (verify: boolean) => {
    const begun = performance.now();
    for await (const _ of readBlob(from, { digest, size }, { verify }));
    return performance.now() - begun;
  };
  const [readMs, verifiedMs] = [await read(false), await read(true)];
  await from.delete(digest);
  const bytes = Uint8Array.fromBase64(part);
  const file = new File(
    Array.from({ length: size / bytes.length }, () => bytes),
    "sample",
  );
  const to = createRemoteStore(transport, { namespace, writer: "unary" });
  const begun = performance.now();
  const pieceBytes = 4 * 1024 * 1024;
  await writeBlob(to, "by-page", sourceOfFile(file, pieceBytes), { digest, size }, { pieceBytes });
  return { readMs, verifiedMs, writeMs: performance.now() - begun };
}

Object.assign(globalThis, { moveBlob });
