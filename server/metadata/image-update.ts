import { digestFault } from "../../content/digest.ts";
import { ContentError } from "../../content/errors.ts";
import { validateKey } from "../../content/identifiers.ts";
import type { Image, ImageDraft } from "../../content/image.ts";
import { labelLimits, validateLabels, withoutEmptyLabels } from "../../content/labels.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import { goQuote } from "../../content/quote.ts";
import type { Labels } from "../../content/store.ts";

/** An image without its times, checked. */
export type CheckedImage = Omit<Image, "createdAt" | "updatedAt">;

/** Bytes of UTF-16 that the annotations of a target may have together; containerd has no limit. */
const maxAnnotationUnits = 256 * 1024;

/**
 * What a caller says of an image, checked (containerd's metadata/images.go, validateImage).
 *
 * @throws `invalid-argument`, in containerd's words
 */
export function checkImage({ name, labels, target }: ImageDraft): CheckedImage {
  validateKey(name, "image name");
  validateLabels(labels, { field: "image.Labels" });
  const fault = digestFault(target.digest);
  if (fault !== undefined) {
    throw new ContentError("invalid-argument", `Target.Digest ${goQuote(target.digest)} invalid: ${fault}`);
  }
  if (target.size <= 0) throw new ContentError("invalid-argument", "Target.Size must be greater than zero");
  if (target.mediaType === "") throw new ContentError("invalid-argument", "Target.MediaType must be set");
  validateAnnotations(target.annotations);
  return {
    name,
    labels: withoutEmptyLabels(labels),
    target: {
      ...target,
      digest: parseDigest(target.digest),
      annotations: withoutEmptyLabels(target.annotations),
    },
  };
}

/**
 * An image after an Update: all of the draft, or what the mask names of it. An empty or absent value removes a label or an
 * annotation.
 *
 * @param fieldpaths `labels`, `labels.KEY`, `target`, `annotations`, `annotations.KEY`, applied in their order; none: everything
 * @throws `invalid-argument` for another path; what checkImage throws
 */
export function applyImageUpdate(before: Image, draft: ImageDraft, fieldpaths: readonly string[]): CheckedImage {
  if (fieldpaths.length === 0) return checkImage(draft);
  let after: ImageDraft = before;
  for (const path of fieldpaths) after = applyPath(after, draft, path);
  return checkImage(after);
}

function applyPath(image: ImageDraft, draft: ImageDraft, path: string): ImageDraft {
  const { target } = image;
  const [, map, key = ""] = /^(labels|annotations)\.(.*)$/s.exec(path) ?? [];
  if (map === "labels") return { ...image, labels: withEntry(image.labels, draft.labels, key) };
  if (map === "annotations") {
    const annotations = withEntry(target.annotations, draft.target.annotations, key);
    return { ...image, target: { ...target, annotations } };
  }
  switch (path) {
    case "labels":
      return { ...image, labels: draft.labels };
    case "annotations":
      return { ...image, target: { ...target, annotations: draft.target.annotations } };
    case "target":
      return { ...image, target: draft.target };
    default:
      throw new ContentError(
        "invalid-argument",
        `cannot update ${goQuote(path)} field on image ${goQuote(image.name)}`,
      );
  }
}

function withEntry(before: Labels, update: Labels, key: string): Labels {
  const after = new Map(Object.entries(before));
  after.set(key, Object.hasOwn(update, key) ? (update[key] ?? "") : "");
  return withoutEmptyLabels(Object.fromEntries(after));
}

/** @throws `invalid-argument` */
function validateAnnotations(annotations: Labels): void {
  const pairs = Object.entries(annotations);
  const units = pairs.reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  if (pairs.length > labelLimits.count || units > maxAnnotationUnits) {
    throw new ContentError("invalid-argument", "Target.Annotations are too many");
  }
}
