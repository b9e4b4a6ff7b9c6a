import { setImmediate as nextTurn } from "node:timers/promises";
import { ContentError, throwIfCancelled } from "../../content/errors.ts";
import { compileFilters, imageAdaptor } from "../../content/filters.ts";
import { gcLabels } from "../../content/gc-labels.ts";
import type { Image } from "../../content/image.ts";
import { goQuote } from "../../content/quote.ts";
import { now } from "../clock.ts";
import type { ImageStore } from "./catalog-stores.ts";
import type { Core } from "./core.ts";
import type { Connection } from "./database/connection.ts";
import { findImage, pageImages, putImage, removeImage } from "./image-rows.ts";
import { applyImageUpdate, checkImage } from "./image-update.ts";
import { joinLease, leaveLease } from "./lease-rows.ts";
import { ensureCollected } from "./namespaces.ts";

/** Rows that are read in one turn of the event loop. */
const pageRows = 250;

/** Images as containerd's metadata/images.go keeps them; one that expires joins the lease of its call, as in containerd 2. */
export function createImageStore({ connection, transactions }: Pick<Core, "connection" | "transactions">): ImageStore {
  return {
    async get(namespace, name) {
      return named(connection, namespace, name);
    },

    async list(namespace, filters = [], signal) {
      const passes = compileFilters(filters);
      const found: Image[] = [];
      for await (const image of walkImages(connection, namespace)) {
        throwIfCancelled(signal);
        if (passes(imageAdaptor(image))) found.push(image);
      }
      return found;
    },

    async create(scope, draft, at = now()) {
      const { namespace } = scope;
      const checked = checkImage(draft);
      return await transactions.durable((tables, note) => {
        if (findImage(tables, namespace, checked.name)) {
          throw new ContentError("already-exists", `image ${goQuote(checked.name)}`);
        }
        ensureCollected(tables, note, namespace);
        const image: Image = { ...checked, createdAt: at, updatedAt: at };
        if (expires(image)) joinLease(tables, note, scope, resourceOf(image.name));
        putImage(tables, note, namespace, undefined, image);
        return image;
      });
    },

    async update(scope, draft, fieldpaths = [], at = now()) {
      const { namespace } = scope;
      if (draft.name === "") throw new ContentError("invalid-argument", "image name is required for update");
      return await transactions.durable((tables, note) => {
        const before = named(tables, namespace, draft.name);
        const checked = applyImageUpdate(before, draft, fieldpaths);
        const after: Image = { ...checked, createdAt: before.createdAt, updatedAt: at };
        if (expires(after)) joinLease(tables, note, scope, resourceOf(after.name));
        putImage(tables, note, namespace, before, after);
        return after;
      });
    },

    async delete(scope, name, target = "") {
      await transactions.durable((tables, note) => {
        const image = named(tables, scope.namespace, name);
        if (target !== "" && target !== image.target.digest) {
          const text = `image ${goQuote(name)} has target ${image.target.digest}, not ${target}`;
          throw new ContentError("not-found", text);
        }
        leaveLease(tables, note, scope, resourceOf(name));
        removeImage(tables, note, scope.namespace, image);
      });
    },
  };
}

/** The images of a namespace in the order of their names, with a turn of the event loop after each page. */
export async function* walkImages(connection: Connection, namespace: string): AsyncGenerator<Image, void, undefined> {
  let after: string | undefined = "";
  do {
    const page = pageImages(connection, namespace, after, pageRows);
    yield* page;
    after = page.length < pageRows ? undefined : page.at(-1)?.name;
    await nextTurn();
  } while (after !== undefined);
}

/** @throws `not-found`, in containerd's words */
function named(connection: Connection, namespace: string, name: string): Image {
  const image = findImage(connection, namespace, name);
  if (image === undefined) throw new ContentError("not-found", `image ${goQuote(name)}`);
  return image;
}

function expires({ labels }: Image): boolean {
  return Object.hasOwn(labels, gcLabels.expire);
}

function resourceOf(name: string) {
  return { type: "images", id: name } as const;
}
