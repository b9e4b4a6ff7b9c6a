/** What a label does to collection: keep this blob, or another; or nothing. */
export interface LabelWords {
  /** What containerd reads it as. */
  readonly text: string;
  /** Taking it away can let collection delete something. */
  readonly isHolding: boolean;
}

const meanings: readonly (readonly [pattern: RegExp, words: LabelWords])[] = [
  [/^containerd\.io\/gc\.root$/, { text: "Keeps this blob: collection begins here", isHolding: true }],
  [/^containerd\.io\/gc\.ref\.content(\.|$)/, { text: "Keeps the blob that it names", isHolding: true }],
  [/^containerd\.io\/gc\.ref\.snapshot\./, { text: "Keeps the snapshot that it names", isHolding: true }],
  [/^containerd\.io\/gc\.bref\./, { text: "Kept for as long as what it names", isHolding: true }],
  [/^containerd\.io\/gc\.flat$/, { text: "A lease that has it keeps only what it names itself", isHolding: true }],
  [/^containerd\.io\/gc\.expire$/, { text: "No longer kept by it after this time", isHolding: true }],
  [/^containerd\.io\/distribution\.source\./, { text: "The repository that it came from", isHolding: false }],
  [/^containerd\.io\/uncompressed$/, { text: "Digest of the layer without compression", isHolding: false }],
];

/** What containerd reads a label as (its docs/garbage-collection.md and labels); absent for a free one. */
export function wordsOfLabel(key: string): LabelWords | undefined {
  return meanings.find(([pattern]) => pattern.test(key))?.[1];
}
