import { declaredSize } from "../descriptor.ts";
import type { Digest } from "../digest.ts";
import { readBlob } from "../read-blob.ts";
import type { RetryOptions } from "../retries.ts";
import type { Source } from "../source.ts";
import type { Descriptor, Store } from "../store.ts";

/**
 * A blob of a store, opened when it is read and closed after. A read that is cut goes on at its offset. What it is
 * written to checks the digest, so that it is not checked here.
 *
 * Reading throws `not-found`; `data-loss` for a blob that has not the declared size; whatever else the store throws.
 */
export function sourceOfBlob(
  store: Pick<Store, "readerAt">,
  descriptor: Descriptor & { readonly digest: Digest },
  retry: RetryOptions = {},
): Source {
  return {
    size: declaredSize(descriptor.size),
    open: (offset, signal) => readBlob(store, descriptor, { ...retry, offset, verify: false, signal }),
  };
}
