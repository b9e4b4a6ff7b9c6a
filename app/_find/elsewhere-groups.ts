import { quoteValue } from "../../content/query.ts";
import { storeHref } from "../_live/here.ts";
import { formatBytes } from "../_ui/format.ts";
import type { Found, FoundGroup } from "./found.ts";
import { blobHref, groupOf } from "./found.ts";
import type { FoundName } from "./search-store.ts";
import type { StoreAnswer } from "./search-stores.ts";

/** The images that the page's own store has. @param store its name in an address */
export function imagesHere(answers: readonly StoreAnswer[], store: string): readonly FoundGroup[] {
  const own = answers.find(({ facts }) => nameIn(facts) === store);
  return groupOf("Images", imageItems(own?.found?.images ?? [], store, ""));
}

/** What other stores have, each in a group of its own. @param store the page's, by its name in an address */
export function groupsElsewhere(answers: readonly StoreAnswer[], store: string): readonly FoundGroup[] {
  return answers
    .filter(({ facts }) => nameIn(facts) !== store)
    .flatMap((answer) => groupOf(`In store ${answer.facts.name}`, itemsOf(answer)));
}

/** The name of a store in an address; empty: it is the default one. */
function nameIn({ isDefault, name }: StoreAnswer["facts"]): string {
  return isDefault ? "" : name;
}

function itemsOf({ facts, found }: StoreAnswer): readonly Found[] {
  if (found === undefined) return [];
  const store = nameIn(facts);
  const note = ` · ${facts.name}`;
  return [
    ...(found.blobs?.blobs ?? []).map(({ namespace, info: { digest, size } }) =>
      item("blob", digest, `${formatBytes(size)} · ${namespace}${note}`, storeHref(blobHref(namespace, digest), store)),
    ),
    ...imageItems(found.images, store, note),
    ...found.ingests.map(({ namespace, name }) => {
      const search = new URLSearchParams({ ns: namespace, q: `ref:${quoteValue(name)}` });
      return item("ingest", name, `${namespace}${note}`, storeHref(`/ingests?${search}`, store));
    }),
  ];
}

function imageItems(images: readonly FoundName[], store: string, note: string): readonly Found[] {
  return images.map(({ namespace, name }) => {
    const ns = encodeURIComponent(namespace);
    const path = `/images?ns=${ns}&peek=${ns}/${encodeURIComponent(name)}`;
    return item("image", name, `${namespace}${note}`, storeHref(path, store));
  });
}

function item(kind: Found["kind"], label: string, note: string, href: string): Found {
  return { key: `${kind} ${label} ${href}`, kind, label, note, href };
}

/** What is said of stores that were not looked through, or not yet. */
export interface StoreNote {
  readonly name: string;
  readonly words: string;
  readonly isWaiting: boolean;
}

/** Stores besides the page's of which nothing is known yet, or that could not be searched. @param store as of groupsElsewhere */
export function notesElsewhere(answers: readonly StoreAnswer[], store: string): readonly StoreNote[] {
  return answers
    .filter(({ facts, found }) => nameIn(facts) !== store && found === undefined)
    .map(({ facts, problem }) =>
      problem === undefined
        ? { name: facts.name, words: "is being searched…", isWaiting: true }
        : { name: facts.name, words: `was not searched: ${problem}`, isWaiting: false },
    );
}
