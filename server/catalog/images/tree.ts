import type { ImageRow } from "../../../content/catalog.ts";
import type { Digest } from "../../../content/digest.ts";
import type { Image } from "../../../content/image.ts";
import { documentKind } from "../../../content/references.ts";
import type { NamedBlob } from "../../metadata/catalog/document.ts";
import type { Repository } from "./repository.ts";
import type { Walked } from "./walk.ts";

/** What the images of one target in one namespace lead to. */
export interface Tree {
  readonly namespace: string;
  readonly target: Digest;
  /** The target, as the image names it. */
  readonly root: NamedBlob;
  /** Absent: it was not walked yet. */
  walked: Walked | undefined;
  /** What was told of it to the usage of blobs. */
  entered: ReadonlySet<Digest>;
  /** Names of the images. */
  readonly names: Set<string>;
  /** Repositories of these names. */
  readonly repositories: Map<Repository, InRepository>;
  /** What its images have in common; absent: it is to be counted. */
  summary: Summary | undefined;
}

/** A tree in a repository. */
export interface InRepository {
  /** Images there that stand for it. */
  images: number;
  /** What was told of it to the repository. */
  needed: readonly Digest[];
}

/** The target of an image, as a walk begins with it. */
export function rootOf({ target: { digest, mediaType, size } }: Image): NamedBlob {
  const kind = documentKind(mediaType);
  return { digest, mediaType, size, ...(kind && { kind }) };
}

export type Summary = Omit<ImageRow, "namespace" | "image">;
