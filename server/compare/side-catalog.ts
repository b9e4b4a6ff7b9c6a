import type { NamespaceRow } from "../../content/catalog.ts";
import { ContentError, isKind } from "../../content/errors.ts";
import type { Image, ImageDraft } from "../../content/image.ts";
import { followNamespaces } from "../../content/remote/catalog.ts";
import { createImage, listImages } from "../../content/remote/images.ts";
import { createLease } from "../../content/remote/leases.ts";
import type { Labels } from "../../content/store.ts";
import type { ServedStore, StoreNode } from "../store-set/store-set.ts";

/** What stands beside the content of a store, here or elsewhere. */
export interface SideCatalog {
  /** In the order of names. @throws `not-implemented` where the store does not tell them */
  images(namespace: string, signal: AbortSignal): Promise<readonly Image[]>;
  /** @throws `already-exists` */
  createImage(namespace: string, draft: ImageDraft, signal: AbortSignal): Promise<void>;
  /** @throws `not-implemented` where the store has no leases */
  createLease(namespace: string, id: string, labels: Labels, signal: AbortSignal): Promise<void>;
  /** What is in a namespace; absent: it is not there. @throws `not-implemented` where the store does not tell */
  namespace(name: string, signal: AbortSignal): Promise<Pick<NamespaceRow, "collected"> | undefined>;
}

/** The catalog of a store. */
export function catalogOf({ name, target, contents, node }: ServedStore): SideCatalog {
  if (node !== undefined) return nodeCatalog(node);
  const known = (): NonNullable<typeof contents> => {
    if (contents !== undefined) return contents;
    throw new ContentError("not-implemented", `store ${name} does not tell what stands beside its content`);
  };
  return {
    images: async (namespace, signal) => known().images.list(namespace, [], signal),
    createImage: async (namespace, draft) => void (await known().images.create({ namespace }, draft)),
    createLease: async (namespace, id, labels) => void (await known().leases.create(namespace, id, labels)),
    async namespace(wanted) {
      const row = known()
        .catalog.namespaces()
        .find(({ name: each }) => each === wanted);
      // What is mirrored is collected by whoever it is of, whatever is known of that here.
      return row && { collected: row.collected || target !== "" };
    },
  };
}

function nodeCatalog({ transport, scope }: StoreNode): SideCatalog {
  return {
    images: (namespace, signal) => listImages(transport, { ...scope, namespace }, [], signal),
    createImage: async (namespace, draft, signal) =>
      void (await createImage(transport, { ...scope, namespace }, draft, signal)),
    createLease: async (namespace, id, labels, signal) =>
      void (await createLease(transport, { ...scope, namespace }, { id, labels }, signal)),
    async namespace(wanted, signal) {
      const over = new AbortController();
      let row: NamespaceRow | undefined;
      try {
        for await (const event of followNamespaces(transport, scope, AbortSignal.any([signal, over.signal]))) {
          if (event.kind === "connection" && event.state === "waiting") {
            throw new ContentError("unavailable", event.reason ?? "it does not answer");
          }
          if (event.kind === "namespaces") row = event.namespaces.find(({ name }) => name === wanted) ?? row;
          if (event.kind === "bookmark" && event.complete) return row;
        }
      } catch (error) {
        if (!isKind(error, "failed-precondition")) throw error;
        throw new ContentError("not-implemented", "it has no catalog", { cause: error });
      } finally {
        over.abort();
      }
      return row;
    },
  };
}

/** What was asked for; absent where the store has no such thing. */
export async function ifImplemented<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isKind(error, "not-implemented")) return undefined;
    throw error;
  }
}
