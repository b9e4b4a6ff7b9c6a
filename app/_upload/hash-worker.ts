import type { createSHA256 } from "hash-wasm";
import type { FromHashWorker, ToHashWorker } from "./hash-messages.ts";

// The script of a worker that hashes one file. It stands by itself, so that the server can let this script alone compile
// wasm: the build puts hash-wasm's sha256 in front of it and takes the types out (scripts/hash-worker.mjs).
declare const hashwasm: { readonly createSHA256: typeof createSHA256 };

/** What is read at once, in bytes; all is read into one buffer, so that a long file leaves no garbage. */
const bufferBytes = 2 * 1024 * 1024;

/** Time between two reports, in milliseconds. */
const reportMs = 100;

/** Settled once it may go on; absent: it may. */
let rest: PromiseWithResolvers<void> | undefined;

globalThis.onmessage = ({ data }: MessageEvent<ToHashWorker>) => {
  if (data.kind === "hash") void hashFile(data.file);
  else if (data.kind === "pause") rest ??= Promise.withResolvers();
  else {
    rest?.resolve();
    rest = undefined;
  }
};

function tell(message: FromHashWorker): void {
  globalThis.postMessage(message);
}

async function hashFile(file: Blob): Promise<void> {
  try {
    tell({ kind: "digest", hex: await hexOf(file) });
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    tell({ kind: "failed", name, message });
  }
}

async function hexOf(file: Blob): Promise<string> {
  const hasher = await hashwasm.createSHA256();
  let hashed = 0;
  let toldAt = 0;
  for await (const bytes of chunksOf(file)) {
    hasher.update(bytes);
    hashed += bytes.length;
    if (performance.now() - toldAt >= reportMs) {
      toldAt = performance.now();
      tell({ kind: "hashed", bytes: hashed });
    }
    await rest?.promise;
  }
  if (hashed !== file.size) throw new DOMException("it has another size now", "NotReadableError");
  return hasher.digest("hex");
}

/** Each is valid until the next is asked for. */
async function* chunksOf(file: Blob): AsyncGenerator<Uint8Array> {
  if (typeof ReadableStreamBYOBReader !== "function") return yield* slicesOf(file);
  const reader = file.stream().getReader({ mode: "byob" });
  for (let buffer = new ArrayBuffer(bufferBytes); ; ) {
    const { done, value } = await reader.read(new Uint8Array(buffer));
    if (done || value === undefined) return;
    yield value;
    buffer = value.buffer;
  }
}

/** As a browser reads that cannot read into a buffer. */
async function* slicesOf(file: Blob): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < file.size; offset += bufferBytes) {
    yield new Uint8Array(await file.slice(offset, offset + bufferBytes).arrayBuffer());
  }
}
