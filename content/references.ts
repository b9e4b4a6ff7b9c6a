/** What a blob of an image refers to: the one reading of indexes, manifests and configs, for copies and for the server. */
export type { BlobKind, NamedKind, SaidByLabels } from "./references/blob-kind.ts";
export { kindOfReference, saidByLabels } from "./references/blob-kind.ts";
export { childLabels, subjectLabel } from "./references/child-labels.ts";
export type { ImageDocument, Reference } from "./references/document.ts";
export { documentLimits, parseDocument } from "./references/document.ts";
export type { DocumentKind } from "./references/media-types.ts";
export { documentKind, isLayerType, refKey } from "./references/media-types.ts";
