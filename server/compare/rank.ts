import type { Digest } from "../../content/digest.ts";
import { readBlob } from "../../content/read-blob.ts";
import type { DocumentKind, SaidByLabels } from "../../content/references.ts";
import { documentLimits, parseDocument } from "../../content/references.ts";
import type { Store } from "../../content/store.ts";
import type { Rank, ReportRow } from "./report-job.ts";

/** What names nothing, as far as is known; a manifest; an index. */
export const ranks = { leaf: 0, manifest: 1, index: 2, most: 8 } as const;

/** What a blob's labels say that it is; a leaf where they do not. */
export function rankByLabels({ kind }: SaidByLabels): Rank {
  return kind === undefined ? ranks.leaf : ranks[kind];
}

/** Bytes of a blob that are looked at first: nearly all that is no document shows it in them. */
const firstBytes = 64;

/**
 * What a blob's bytes say that it is, and what it names. Nobody says its media type, so that it is what it can be read as.
 *
 * @throws what reading throws
 */
export async function lookInto(
  store: Pick<Store, "readerAt">,
  { digest, size }: Pick<ReportRow, "digest" | "size">,
  signal: AbortSignal,
): Promise<{ readonly rank: Rank; readonly names: readonly Digest[] }> {
  const nothing = { rank: ranks.leaf, names: [] };
  if (size < 2 || size > documentLimits.bytes) return nothing;
  const isWhole = size <= firstBytes;
  const start = await bytesOf(store, digest, isWhole ? size : firstBytes, signal);
  if (!/^\s*\{/.test(new TextDecoder().decode(start))) return nothing;
  const bytes = isWhole ? start : await bytesOf(store, digest, size, signal);
  for (const kind of ["index", "manifest"] as const) {
    const names = namesIn(bytes, kind);
    if (names.length > 0) return { rank: ranks[kind], names };
  }
  return nothing;
}

/** What must be there before a document; what it is about need not be. */
function namesIn(bytes: Uint8Array, kind: Exclude<DocumentKind, "config">): readonly Digest[] {
  const { references } = parseDocument(bytes, kind);
  return references.filter(({ role }) => role !== "subject").map(({ digest }) => digest);
}

async function bytesOf(
  store: Pick<Store, "readerAt">,
  digest: Digest,
  length: number,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of readBlob(store, { digest }, { length, verify: false, signal })) chunks.push(chunk.slice());
  return Buffer.concat(chunks);
}
