/** What a page asks of its hashing worker: one file first, then that it rests and goes on. */
export type ToHashWorker = { readonly kind: "hash"; readonly file: Blob } | { readonly kind: "pause" | "resume" };

/** What the worker tells: how far it is, in bytes; the digest's hex; or why there is none, by the name of the exception. */
export type FromHashWorker =
  | { readonly kind: "hashed"; readonly bytes: number }
  | { readonly kind: "digest"; readonly hex: string }
  | { readonly kind: "failed"; readonly name: string; readonly message: string };
