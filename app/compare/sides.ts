import type { ComparedSide } from "../../content/compare/report.ts";

/** What the two sides are called. */
export type SideName = "a" | "b";

/** A side as an address has it, such as `node-9/k8s.io,moby`, or `node-9` for all of it; absent for a text that names no store. */
export function sideFromText(text: string): ComparedSide | undefined {
  const slash = text.indexOf("/");
  const store = slash < 0 ? text : text.slice(0, slash);
  if (store === "") return undefined;
  const names = slash < 0 ? [] : text.slice(slash + 1).split(",");
  const namespaces = [...new Set(names.filter((name) => name !== "" && name !== "*"))];
  return { store, namespaces };
}

/** A side for an address; sideFromText reads it. */
export function sideToText({ store, namespaces }: ComparedSide): string {
  return namespaces.length === 0 ? store : `${store}/${namespaces.join(",")}`;
}

/** A side for people. */
export function sideWords({ store, namespaces }: ComparedSide): string {
  const [only, ...more] = namespaces;
  if (only === undefined) return store;
  return `${store}/${more.length === 0 ? only : `${namespaces.length} namespaces`}`;
}

/** True where both are of the same store and the same namespaces. */
export function areSame(a: ComparedSide, b: ComparedSide): boolean {
  const textOf = ({ store, namespaces }: ComparedSide) => sideToText({ store, namespaces: namespaces.toSorted() });
  return textOf(a) === textOf(b);
}
