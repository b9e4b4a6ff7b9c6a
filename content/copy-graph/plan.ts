import type { CopyTarget } from "../copy.ts";
import type { Digest } from "../digest.ts";
import { ContentError } from "../errors.ts";
import type { DocumentKind, Reference } from "../references.ts";
import { childLabels, documentKind } from "../references.ts";
import type { Labels } from "../store.ts";
import { forEachOf } from "./each.ts";
import { findReferences } from "./find-document.ts";
import type { CopyState } from "./progress.ts";
import { count } from "./progress.ts";
import { referrersIn } from "./referrers.ts";
import { selectReferences } from "./select.ts";
import type { Stores } from "./stores.ts";

/** What a plan is asked for. */
export interface PlanOptions {
  readonly parallel: number;
  readonly platforms?: readonly string[];
  readonly referrers?: boolean;
  readonly childLabels?: boolean;
  readonly signal: AbortSignal;
  /** Told of the first failure, to end what is under way. */
  readonly failed: () => void;
}

/** A blob that is to be copied. */
export interface PlannedBlob {
  readonly target: CopyTarget;
  kind: DocumentKind | undefined;
  /** What names it; absent: the copy was asked for it. */
  readonly namedBy?: Digest;
  /** Only what it is about names it: it may be missing. */
  optional: boolean;
  /** It is a document that neither store has. */
  missing: boolean;
  /** What it names. */
  readonly children: PlannedBlob[];
  labels: Labels;
}

/** Blobs of one copy. */
const maxBlobs = 100_000;

/** What all documents name together, each as often as it is named. */
const maxReferences = 400_000;

/** Documents in documents; an image has two, one in the other. */
const maxDepth = 8;

/** Finds what a blob refers to, level by level. @returns each blob once */
export async function planCopy(
  stores: Stores,
  root: CopyTarget,
  options: PlanOptions,
  state: CopyState,
): Promise<readonly PlannedBlob[]> {
  const blobs = new Map<Digest, PlannedBlob>();
  let references = 0;

  /** @returns the blob, and whether its own references are to be found now */
  function enter(reference: CopyTarget & Partial<Pick<Reference, "role">>, namedBy?: Digest) {
    const kind = documentKind(reference.mediaType ?? "");
    const optional = reference.role === "subject";
    const known = blobs.get(reference.digest);
    if (known !== undefined) {
      const isNew = kind !== undefined && known.kind === undefined;
      known.kind ??= kind;
      known.optional &&= optional;
      return { blob: known, isNew };
    }
    if (blobs.size >= maxBlobs) throw tooMuch(root, `more than ${maxBlobs} blobs`);
    const { digest, size = 0, mediaType = "" } = reference;
    const blob: PlannedBlob = {
      target: { digest, size, mediaType },
      kind,
      ...(namedBy !== undefined && { namedBy }),
      optional,
      missing: false,
      children: [],
      labels: {},
    };
    blobs.set(digest, blob);
    count(state.found, size);
    state.touch();
    return { blob, isNew: true };
  }

  /** Find what documents name, and what these name. */
  async function expand(first: readonly PlannedBlob[]): Promise<void> {
    let level = first;
    for (let depth = 0; level.length > 0; depth += 1) {
      const next: PlannedBlob[] = [];
      const documents = level.filter(({ kind }) => kind === "index" || kind === "manifest");
      if (depth === maxDepth && documents.length > 0)
        throw tooMuch(root, `more than ${maxDepth} documents in each other`);
      const act = async (blob: PlannedBlob): Promise<void> => {
        next.push(...take(blob, await findReferences(stores, blob.target, options.signal)));
      };
      await forEachOf(documents, options.parallel, act, options.failed);
      level = next;
    }
  }

  /** @returns what is new of what it names */
  function take(blob: PlannedBlob, found: readonly Reference[] | undefined): readonly PlannedBlob[] {
    if (found === undefined) {
      blob.missing = true;
      return [];
    }
    references += found.length;
    if (references > maxReferences) throw tooMuch(root, `more than ${maxReferences} references`);
    if (options.childLabels !== false) blob.labels = childLabels(found);
    const entered = selectReferences(found, options.platforms).map((each) => enter(each, blob.target.digest));
    blob.children.push(...entered.map((each) => each.blob));
    return entered.filter(({ isNew }) => isNew).map((each) => each.blob);
  }

  await expand([enter(root).blob]);
  if (options.referrers) {
    for await (const referrer of referrersIn(stores.from, blobs, options.signal)) {
      const { blob, isNew } = enter(referrer);
      if (isNew) await expand([blob]);
    }
  }
  return [...blobs.values()];
}

function tooMuch({ digest }: CopyTarget, what: string): ContentError {
  return new ContentError("resource-exhausted", `content ${digest} leads to ${what}`);
}
