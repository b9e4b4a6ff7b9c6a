import { partsOfName } from "../../../content/catalog.ts";
import type { Digest } from "../../../content/digest.ts";
import { algorithmOf, hexOf } from "../../../content/digest.ts";
import type { Image } from "../../../content/image.ts";
import type { Store } from "../../../content/store.ts";
import type { ImagePart } from "../../catalog/images/parts.ts";
import type { DockerImage } from "./docker-image.ts";
import { tarEnd, tarHeader, tarPadding } from "./tar.ts";

/** A file of an archive; a blob's bytes are read from the store when they are due. */
interface Entry {
  readonly name: string;
  readonly size: number;
  readonly content: Uint8Array | ImagePart;
}

/** An image as an archive in OCI's image layout, the same bytes for the same image. */
export interface ImageArchive {
  /** In bytes. */
  readonly size: number;
  /**
   * The archive, front to back; each chunk is valid until the next.
   *
   * @throws what the store throws for a blob
   */
  read(store: Pick<Store, "readerAt">, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/**
 * The archive of an image (OCI image-spec, image-layout.md).
 *
 * @param parts what of it goes in; all of them are there
 * @param docker named for who reads Docker's archives, in a file beside the layout as `ctr images export` has it; absent: none is
 */
export function planArchive(image: Image, parts: readonly ImagePart[], docker?: DockerImage): ImageArchive {
  const entries: readonly Entry[] = [
    textEntry("oci-layout", { imageLayoutVersion: "1.0.0" }),
    textEntry("index.json", indexOf(image)),
    ...(docker === undefined ? [] : [textEntry("manifest.json", dockerManifestOf(image, docker))]),
    ...parts.map((part) => ({ name: blobPath(part.digest), size: part.size, content: part })),
  ];
  const size = entries.reduce((sum, each) => sum + sizeInTar(each), tarEnd.length);
  return { size, read: (store, signal) => readArchive(entries, store, signal) };
}

function textEntry(name: string, value: unknown): Entry {
  const content = new TextEncoder().encode(JSON.stringify(value));
  return { name, size: content.length, content };
}

/** Named as containerd reads it on import, and as everybody else does. */
function indexOf({ name, target }: Image): object {
  const { mediaType, digest, size } = target;
  const { tag, digest: pinned } = partsOfName(name);
  const annotations = {
    ...target.annotations,
    "io.containerd.image.name": name,
    "org.opencontainers.image.ref.name": tag || pinned || name,
  };
  return {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [{ mediaType, digest, size, annotations }],
  };
}

/** Docker takes names with a tag alone; what has none it loads without a name. */
function dockerManifestOf({ name }: Image, { config, layers }: DockerImage): object {
  const { repository, tag } = partsOfName(name);
  const RepoTags = tag === "" ? null : [`${repository}:${tag}`];
  return [{ Config: blobPath(config), RepoTags, Layers: layers.map(blobPath) }];
}

function blobPath(digest: Digest): string {
  return `blobs/${algorithmOf(digest)}/${hexOf(digest)}`;
}

function sizeInTar({ name, size }: Entry): number {
  return tarHeader(name, size).length + size + tarPadding(size).length;
}

async function* readArchive(
  entries: readonly Entry[],
  store: Pick<Store, "readerAt">,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (const { name, size, content } of entries) {
    yield tarHeader(name, size);
    if (content instanceof Uint8Array) yield content;
    else yield* readPart(content, store, signal);
    const padding = tarPadding(size);
    if (padding.length > 0) yield padding;
  }
  yield tarEnd;
}

/** All of a blob in one go, which the store verifies. */
async function* readPart(
  { digest }: ImagePart,
  store: Pick<Store, "readerAt">,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  await using reader = await store.readerAt({ digest }, signal);
  yield* reader.read(0, undefined, signal);
}
