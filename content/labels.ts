import type { Digest } from "./digest.ts";
import { ContentError } from "./errors.ts";
import { goQuote } from "./quote.ts";
import type { Labels } from "./store.ts";
import { utf8Length } from "./utf8.ts";

/** Limits of labels; the first is containerd's, the second our own. */
export const labelLimits = {
  /** Bytes of UTF-8 that one key and its value may have together. */
  pairBytes: 4096,
  /** Labels that one thing may have. */
  count: 1000,
} as const;

/** Bytes of a key that an error shows. */
const shownKeyBytes = 10;

/** What has labels, and how containerd words a refusal there. */
export interface LabelOwner {
  /** What errors call the labels. */
  readonly field: string;
  /** The mask path `labels` replaces all; otherwise it is refused like any other. */
  readonly acceptsWhole: boolean;
  /** The text for a mask path that cannot be updated. */
  refusal(path: string): string;
}

/** The labels of a blob (containerd's metadata/content.go). */
export function blobLabels(digest: Digest): LabelOwner {
  return {
    field: "info.Labels",
    acceptsWhole: true,
    refusal: (path) => `cannot update ${goQuote(path)} field on content info ${goQuote(digest)}`,
  };
}

/** The labels of a namespace (containerd's services/namespaces/local.go). */
export const namespaceLabels: LabelOwner = {
  field: "namespace.Labels",
  acceptsWhole: false,
  refusal: (path) => `cannot update ${goQuote(path)} field`,
};

/**
 * Refuse a pair over 4096 bytes, with containerd's text (labels/validate.go), and an empty key, which its database
 * refuses too.
 *
 * @throws `invalid-argument`
 */
export function validateLabel(key: string, value: string): void {
  if (key === "") throw new ContentError("invalid-argument", "label key must not be empty");
  if (utf8Length(key) + utf8Length(value) > labelLimits.pairBytes) {
    const shown = new TextDecoder().decode(new TextEncoder().encode(key).subarray(0, shownKeyBytes));
    const limit = `greater than maximum size (${labelLimits.pairBytes} bytes)`;
    throw new ContentError("invalid-argument", `label key and value ${limit}, key: ${shown}`);
  }
}

/**
 * Refuse labels of which one is not valid, or more than 1,000.
 *
 * @throws `invalid-argument`; the text starts with the owner's field
 */
export function validateLabels(labels: Labels, owner: Pick<LabelOwner, "field">): void {
  const pairs = Object.entries(labels);
  try {
    if (pairs.length > labelLimits.count) {
      throw new ContentError("invalid-argument", `more than ${labelLimits.count} labels`);
    }
    for (const [key, value] of pairs) validateLabel(key, value);
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    throw new ContentError(error.kind, `${owner.field}: ${error.message}`, { cause: error });
  }
}

/** The labels that are kept: a label with an empty value is none (containerd's metadata/boltutil/helpers.go). */
export function withoutEmptyLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ""));
}

/**
 * Labels after an Update: all of `update`, or what the mask names: `labels.KEY` one, `labels` all. An empty or absent
 * value removes a label.
 *
 * @param fieldpaths the mask, applied in its order; none: everything is replaced
 * @throws `invalid-argument` for another path, or when the outcome has a label that is not valid
 */
export function applyLabels(before: Labels, update: Labels, fieldpaths: readonly string[], owner: LabelOwner): Labels {
  let after = new Map(Object.entries(fieldpaths.length === 0 ? update : before));
  for (const path of fieldpaths) {
    if (path.startsWith("labels.")) {
      const key = path.slice("labels.".length);
      after.set(key, Object.hasOwn(update, key) ? (update[key] ?? "") : "");
    } else if (path === "labels" && owner.acceptsWhole) {
      after = new Map(Object.entries(update));
    } else {
      throw new ContentError("invalid-argument", owner.refusal(path));
    }
  }
  const labels = withoutEmptyLabels(Object.fromEntries(after));
  validateLabels(labels, owner);
  return labels;
}
