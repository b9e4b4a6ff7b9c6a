import type { Hold, Holder } from "../../content/catalog.ts";
import { storeHref } from "../_live/here.ts";

/** What keeps a blob, in a few words with the first of it, and where that is shown. */
export interface HoldWords {
  readonly tone: "plain" | "warn" | "faint";
  readonly before: string;
  /** What is named; absent: nothing holds it. */
  readonly first?: { readonly name: string; readonly href: string };
  readonly after: string;
}

/** What keeps a blob in words. @param namespace that it was asked in */
export function wordsOfHold({ state, holders, complete }: Hold, namespace: string): HoldWords {
  const [first, ...others] = holders;
  if (state === "doomed") return { tone: "warn", before: "Nothing holds it: the next collection takes it", after: "" };
  if (state === "kept") {
    return { tone: "faint", before: "Nothing holds it; nothing is collected in this namespace", after: "" };
  }
  if (state === "untold")
    return { tone: "faint", before: "What holds it is not told; its daemon says what goes", after: "" };
  if (first === undefined) return { tone: "plain", before: "Held", after: "" };
  const more = others.length === 0 ? "" : ` and ${complete ? "" : "at least "}${others.length} more`;
  if (first.kind === "root" && first.distance === 1)
    return { tone: "plain", before: "Held by its label gc.root", after: more };
  const name = first.key;
  return {
    tone: "plain",
    before: `Held by ${nouns[first.kind]} `,
    first: { name, href: hrefOfHolder(first, namespace) },
    after: more,
  };
}

const nouns: Readonly<Record<Holder["kind"], string>> = {
  image: "image",
  lease: "lease",
  root: "the root",
  ingest: "ingest",
};

/** Where what holds a blob is shown. */
export function hrefOfHolder({ kind, key }: Holder, namespace: string): string {
  const ns = encodeURIComponent(namespace);
  if (kind === "root") return storeHref(`/blob?ns=${ns}&d=${encodeURIComponent(key)}`);
  return storeHref(`${paths[kind]}?ns=${ns}&peek=${ns}/${encodeURIComponent(key)}`);
}

const paths = { image: "/images", lease: "/leases", ingest: "/ingests" } as const;
