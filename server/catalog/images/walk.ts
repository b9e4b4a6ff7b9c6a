import type { Digest } from "../../../content/digest.ts";
import type { DocumentKind } from "../../../content/references.ts";
import { nextTurn } from "../../feed/turns.ts";
import type { ImageDocument, NamedBlob } from "../../metadata/catalog/document.ts";

/** What is found from the target of an image in a namespace. */
export interface Walked {
  /** What it needs, each once, the target first; see ImageRow in proto/stowage/v1/catalog.proto. */
  readonly needed: readonly Digest[];
  /** Whether each document was there: the rest is found anew when one of them comes or goes. */
  readonly documents: ReadonlyMap<Digest, boolean>;
  readonly platforms: readonly WalkedPlatform[];
  /** Sorted. */
  readonly predicateTypes: readonly string[];
  /** True: it leads to more. */
  readonly truncated: boolean;
}

export interface WalkedPlatform {
  readonly platform: string;
  /** What it needs. */
  readonly needed: readonly Digest[];
  /** False: the manifest that the index names is not there. */
  readonly isFetched: boolean;
}

/** Where documents are found. */
export interface DocumentSource {
  /** True where the namespace has that blob at this moment. */
  has(digest: Digest): boolean;
  /** What a document names; absent: it is larger than what is read. */
  read(digest: Digest, kind: DocumentKind): Promise<ImageDocument | undefined>;
}

/** What belongs to one platform. */
interface Part {
  readonly needed: Set<Digest>;
  isFetched: boolean;
}

/** Blobs of one image that are walked. */
export const maxBlobs = 10_000;

/** Documents in documents: an index, its manifests, and one index more than anybody makes. */
const maxDepth = 4;

/** Platforms of an image that are told. */
const maxPlatforms = 100;

/** Names that are looked at, as a multiple of the blobs: several platforms may share some. */
const stepsPerBlob = 4;

/** Names that are looked at in one turn of the event loop. */
const stepsOfTurn = 500;

export interface WalkOptions {
  /** Blobs that are found; absent: 10,000. */
  readonly most?: number;
  /** Told of each blob that the image needs, as it is named, once at least. */
  readonly found?: (blob: NamedBlob) => void;
}

/** Find what an image needs. @param target see rootOf */
export async function walkImage(
  target: NamedBlob,
  source: DocumentSource,
  { most = maxBlobs, found }: WalkOptions = {},
): Promise<Walked> {
  const needed = new Set<Digest>([target.digest]);
  const documents = new Map<Digest, boolean>();
  const parts = new Map<string, Part>();
  const predicateTypes = new Set<string>();
  const visited = new Set<string>();
  let isTruncated = false;
  let steps = 0;

  function partOf(platform: string): Part | undefined {
    const known = parts.get(platform);
    if (known !== undefined || parts.size === maxPlatforms) return known;
    const part: Part = { needed: new Set(), isFetched: true };
    parts.set(platform, part);
    return part;
  }

  /** @returns false where it is one too many */
  function need(digest: Digest, part: Part | undefined): boolean {
    if (!needed.has(digest) && needed.size >= most) return false;
    needed.add(digest);
    part?.needed.add(digest);
    return true;
  }

  function look(digest: Digest): boolean {
    const isThere = source.has(digest);
    documents.set(digest, isThere);
    return isThere;
  }

  async function mayStep(): Promise<boolean> {
    steps += 1;
    if (steps % stepsOfTurn === 0) await nextTurn();
    return steps <= stepsPerBlob * most;
  }

  async function visit(blob: NamedBlob, inherited: string | undefined, depth: number): Promise<void> {
    const platform = inherited ?? (blob.attests ? undefined : blob.platform);
    const name = `${blob.digest} ${platform ?? ""}`;
    if (visited.has(name)) return;
    visited.add(name);
    if (!(await mayStep())) {
      isTruncated = true;
      return;
    }
    const part = platform === undefined ? undefined : partOf(platform);
    const isThere = blob.kind !== undefined && look(blob.digest);
    // A manifest of an index that is not there was not fetched, and is no lack.
    if (depth > 0 && (blob.kind === "manifest" || blob.kind === "index") && !isThere) {
      if (part !== undefined) part.isFetched = false;
      return;
    }
    if (blob.predicateType !== undefined) predicateTypes.add(blob.predicateType);
    if (!need(blob.digest, part)) {
      isTruncated = true;
      return;
    }
    found?.(blob);
    if (isThere && blob.kind !== "config") await visitDocument(blob, platform, depth);
  }

  async function visitDocument(blob: NamedBlob, platform: string | undefined, depth: number): Promise<void> {
    const document = blob.kind && depth < maxDepth ? await source.read(blob.digest, blob.kind) : undefined;
    if (document === undefined || document.truncated) isTruncated = true;
    if (document === undefined) return;
    const isImage = blob.kind === "manifest" && blob.attests !== true;
    const own = platform ?? (isImage ? await platformOf(document) : undefined);
    if (own !== undefined) partOf(own)?.needed.add(blob.digest);
    for (const name of document.names) await visit(name, own, depth + 1);
  }

  async function platformOf({ names }: ImageDocument): Promise<string | undefined> {
    const config = names.find(({ kind }) => kind === "config");
    if (config === undefined || !look(config.digest)) return undefined;
    return (await source.read(config.digest, "config"))?.platform;
  }

  await visit(target, undefined, 0);
  return {
    needed: [...needed],
    documents,
    platforms: [...parts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([platform, part]) => ({ platform, needed: [...part.needed], isFetched: part.isFetched })),
    predicateTypes: [...predicateTypes].sort(),
    truncated: isTruncated,
  };
}
