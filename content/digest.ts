import { ContentError } from "./errors.ts";

/** A digest that was parsed: `algorithm:hex`. Only parseDigest and digestOf make one. */
export type Digest = string & { readonly __digest: unique symbol };

/** The algorithms that blobs can be named by (OCI image-spec descriptor.md). */
export type Algorithm = "sha256" | "sha384" | "sha512";

/** Length of each algorithm's hex part, in characters. */
const hexLength: Readonly<Record<Algorithm, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** All algorithms, the default first. */
export const algorithms = Object.keys(hexLength) as readonly Algorithm[];
