import type { ImageRow, RepositoryRow } from "../../../content/catalog.ts";
import type { Image } from "../../../content/image.ts";
import type { Change } from "../../feed/change.ts";
import type { Metadata } from "../../metadata/metadata.ts";
import type { Namespaces } from "../../metadata/set.ts";
import { covers } from "../../policy/access.ts";
import type { RowSource } from "../row-source.ts";
import { createListeners, partsOfKey, rowKey } from "../row-source.ts";
import { createForest } from "./forest.ts";
import type { Summary } from "./tree.ts";

/** An image, or what those of its repository are together. */
export type CatalogImage =
  | { readonly kind: "image"; readonly row: ImageRow }
  | { readonly kind: "repository"; readonly row: RepositoryRow };

interface KnownImage {
  readonly namespace: string;
  readonly image: Image;
  /** As it was told last, also for as long as what it leads to now is not known; absent: it was not. */
  shown: CatalogImage | undefined;
  /** What that was made of: every reader has the same row. */
  summary: Summary | undefined;
}

const imageKey = (namespace: string, name: string): string => rowKey(namespace, `image ${name}`);
const repositoryKey = (namespace: string, name: string): string => rowKey(namespace, `repository ${name}`);

/**
 * Every image and every repository of some namespaces, with what they lead to, as if there were no other namespaces.
 *
 * @param failed told why an image could not be walked
 */
export function openImageSource(
  metadata: Pick<Metadata, "feed" | "catalog">,
  failed: (error: unknown) => void,
  among: Namespaces = "*",
): RowSource<CatalogImage> {
  const { catalog, feed } = metadata;
  const { tell, listen } = createListeners();
  const images = new Map<string, KnownImage>();
  const forest = createForest(catalog, {
    image: (namespace, name) => tell(imageKey(namespace, name)),
    repository: ({ namespace, name }) => tell(repositoryKey(namespace, name)),
    failed,
  });
  let isClosed = false;

  /** @param image absent: it went */
  function put(namespace: string, name: string, image: Image | undefined): void {
    const key = imageKey(namespace, name);
    const before = images.get(key)?.image;
    if (image === undefined) images.delete(key);
    else images.set(key, { namespace, image, shown: images.get(key)?.shown, summary: undefined });
    const isMoved =
      before?.target.digest !== image?.target.digest || before?.target.mediaType !== image?.target.mediaType;
    // What is planted first is not walked again for the tree that is felled.
    if (image !== undefined && isMoved) forest.plant(namespace, image);
    if (before !== undefined && isMoved) forest.fell(namespace, before);
    if (image === undefined || !isMoved) tell(key);
  }

  function hear(change: Change): void {
    if (!covers(among, change.namespace)) return;
    if (change.kind === "image") put(change.namespace, change.name, change.after);
    if (change.kind === "blob") forest.resize(change.namespace, change.digest, change.after?.info.size);
  }

  async function load(): Promise<void> {
    for await (const { namespace, image } of catalog.images()) {
      if (isClosed) return;
      if (covers(among, namespace)) put(namespace, image.name, image);
    }
    await forest.grown();
  }

  const stop = feed.listen(hear);
  return {
    ready: load(),
    *keys() {
      yield* images.keys();
      for (const { namespace, name } of forest.repositories()) yield repositoryKey(namespace, name);
    },
    get(key) {
      const known = images.get(key);
      if (known !== undefined) {
        const { namespace, image } = known;
        const summary = forest.summaryOf(namespace, image);
        if (summary !== undefined && summary !== known.summary) {
          known.shown = { kind: "image", row: { namespace, image, ...summary } };
          known.summary = summary;
        }
        return known.shown;
      }
      const { namespace, name } = partsOfKey(key);
      if (!name.startsWith("repository ")) return undefined;
      const repository = forest.repository(namespace, name.slice("repository ".length));
      return repository && { kind: "repository", row: repository.row() };
    },
    listen,
    [Symbol.dispose]() {
      isClosed = true;
      stop();
      forest[Symbol.dispose]();
    },
  };
}
