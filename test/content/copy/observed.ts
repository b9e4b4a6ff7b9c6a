import type { Digest } from "../../../content/digest.ts";
import type { Store, Writer } from "../../../content/store.ts";

/** What was done with a store, in the order in which it was done. */
export interface Observed {
  readonly store: Store;
  /** Where each read began, in bytes. */
  readonly reads: { readonly digest: Digest; readonly offset: number }[];
  /** What was committed. */
  readonly commits: Digest[];
  /** Bytes that were written. */
  written(): number;
  /** The most refs that were open for writing at once. */
  mostWriters(): number;
}

/** @param onWrite told before each write how many bytes were written in all; what it throws is what the write throws */
export function observe(below: Store, onWrite: (written: number) => void = () => undefined): Observed {
  const reads: { digest: Digest; offset: number }[] = [];
  const commits: Digest[] = [];
  let written = 0;
  let writers = 0;
  let most = 0;

  function observeWriter(writer: Writer): Writer {
    let isOpen = true;
    const close = async (): Promise<void> => {
      if (isOpen) writers -= 1;
      isOpen = false;
      await writer.close();
    };
    writers += 1;
    most = Math.max(most, writers);
    return {
      ref: writer.ref,
      async write(data) {
        onWrite(written);
        await writer.write(data);
        written += data.length;
      },
      truncate: (size) => writer.truncate(size),
      digest: () => writer.digest(),
      status: () => writer.status(),
      async commit(options) {
        const digest = await writer.commit(options);
        commits.push(digest);
        return digest;
      },
      close,
      [Symbol.asyncDispose]: close,
    };
  }

  const store: Store = {
    info: (digest, signal) => below.info(digest, signal),
    update: (info, fieldpaths) => below.update(info, fieldpaths),
    walk: (filters, signal) => below.walk(filters, signal),
    delete: (digest) => below.delete(digest),
    status: (ref, signal) => below.status(ref, signal),
    listStatuses: (filters, signal) => below.listStatuses(filters, signal),
    abort: (ref) => below.abort(ref),
    async readerAt(descriptor, signal) {
      const reader = await below.readerAt(descriptor, signal);
      const close = () => reader.close();
      return {
        size: reader.size,
        read(offset, length, signalOfRead) {
          reads.push({ digest: descriptor.digest, offset });
          return reader.read(offset, length, signalOfRead);
        },
        close,
        [Symbol.asyncDispose]: close,
      };
    },
    async writer(options, signal) {
      return observeWriter(await below.writer(options, signal));
    },
  };
  return { store, reads, commits, written: () => written, mostWriters: () => most };
}
