import type { Digest } from "../../content/digest.ts";
import { makeDigest } from "../../content/parse-digest.ts";
import { fileErrorOf } from "./failure.ts";
import type { FromHashWorker, ToHashWorker } from "./hash-messages.ts";

/** A file that is being hashed, in a thread of its own. */
export interface FileHash {
  /** @throws FileError for a file that cannot be read */
  readonly digest: Promise<Digest>;
  /** Rest where it is; nothing is lost. */
  pause(): void;
  resume(): void;
  /** Let go of the thread; the digest never comes, where it was not there. */
  end(): void;
}

/** Where the server has the worker's script. */
const script = "/hash-worker.js";

/** Begins to hash a file. @param onHashed hears how many bytes are, ten times a second at most */
export function hashFile(file: Blob, onHashed: (bytes: number) => void): FileHash {
  const worker = new Worker(script, { name: "stowage hash" });
  const { promise, resolve, reject } = Promise.withResolvers<Digest>();
  const post = (message: ToHashWorker) => worker.postMessage(message);
  worker.onmessage = ({ data }: MessageEvent<FromHashWorker>) => {
    if (data.kind === "hashed") return onHashed(data.bytes);
    worker.terminate();
    if (data.kind === "digest") resolve(makeDigest("sha256", data.hex));
    else reject(fileErrorOf(data.name, data.message));
  };
  worker.onerror = () => {
    worker.terminate();
    reject(new Error("The part of the page that hashes files did not load"));
  };
  // Nobody waits for it while it is paused.
  promise.catch(() => undefined);
  post({ kind: "hash", file });
  return {
    digest: promise,
    pause: () => post({ kind: "pause" }),
    resume: () => post({ kind: "resume" }),
    end: () => worker.terminate(),
  };
}
