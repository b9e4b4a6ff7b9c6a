import type { Digest } from "./digest.ts";
import type { Labels } from "./store.ts";

/** The blob that an image stands for. Whether it is there is not asked. */
export interface ImageTarget {
  /** Such as `application/vnd.oci.image.index.v1+json`. */
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes, above 0. */
  readonly size: number;
  /** Free key and value pairs; `{}` when there are none. */
  readonly annotations: Labels;
}

/** A name for a blob that the rest can be found from. */
export interface Image {
  readonly name: string;
  readonly labels: Labels;
  readonly target: ImageTarget;
  readonly createdAt: Date;
  /** createdAt when it was never changed. */
  readonly updatedAt: Date;
}

/** What a caller says of an image; nothing of it was checked. */
export interface ImageDraft {
  readonly name: string;
  readonly labels: Labels;
  readonly target: Omit<ImageTarget, "digest"> & { readonly digest: string };
}
