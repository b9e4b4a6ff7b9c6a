import type { Selection } from "../../../content/remote/events.ts";

/** What asks for rows. */
export interface AskedRows {
  readonly selection: Selection;
}

/** Some rows, by their keys. */
export interface ChosenSome<Item> {
  readonly kind: "some";
  readonly items: ReadonlyMap<string, Item>;
}

/** All rows that match a query, but a few. */
export interface ChosenAll<Item, Query extends AskedRows> {
  readonly kind: "all";
  readonly query: Query;
  readonly except: ReadonlyMap<string, Item>;
}

/** Rows that are chosen. */
export type Chosen<Item, Query extends AskedRows> = ChosenSome<Item> | ChosenAll<Item, Query>;

/** Nothing is chosen. */
export const nothing: ChosenSome<never> = { kind: "some", items: new Map<string, never>() };

/** True when a row is chosen, as far as the page can know it: for all of a query, when it answers that query. */
export function isChosen<Item, Query extends AskedRows>(
  chosen: Chosen<Item, Query>,
  key: string,
  query: Query | undefined,
): boolean {
  if (chosen.kind === "some") return chosen.items.has(key);
  return isSameSet(chosen.query, query) && !chosen.except.has(key);
}

/** One more, or one less; within all of a query, an exception. */
export function toggle<Item, Query extends AskedRows>(
  chosen: Chosen<Item, Query>,
  key: string,
  item: Item,
): Chosen<Item, Query> {
  const items = new Map(chosen.kind === "some" ? chosen.items : chosen.except);
  if (!items.delete(key)) items.set(key, item);
  return chosen.kind === "some" ? { kind: "some", items } : { ...chosen, except: items };
}

/** More of them; within all of a query they are no longer exceptions. */
export function extend<Item, Query extends AskedRows>(
  chosen: Chosen<Item, Query>,
  more: Iterable<readonly [key: string, item: Item]>,
): Chosen<Item, Query> {
  if (chosen.kind === "some") return only([...chosen.items, ...more]);
  const except = new Map(chosen.except);
  for (const [key] of more) except.delete(key);
  return { ...chosen, except };
}

/** These and no others. */
export function only<Item>(items: Iterable<readonly [key: string, item: Item]>): ChosenSome<Item> {
  return { kind: "some", items: new Map(items) };
}

/** One is chosen no longer; a choice of all that match stays as it is. */
export function without<Item, Query extends AskedRows>(chosen: Chosen<Item, Query>, key: string): Chosen<Item, Query> {
  if (chosen.kind === "all" || !chosen.items.has(key)) return chosen;
  return only([...chosen.items].filter(([each]) => each !== key));
}

/** True when anything is chosen. */
export function hasAny<Item, Query extends AskedRows>(chosen: Chosen<Item, Query>): boolean {
  return chosen.kind === "all" || chosen.items.size > 0;
}

/** How many are chosen, and their bytes. */
export interface ChosenTotals {
  readonly count: number;
  readonly bytes: number;
}

/** @param all what the query of a choice of all holds; absent where that is not known */
export function totalsOfChosen<Item, Query extends AskedRows>(
  chosen: Chosen<Item, Query>,
  all: ChosenTotals | undefined,
  bytesOf: (items: readonly Item[]) => number,
): ChosenTotals | undefined {
  if (chosen.kind === "some") return { count: chosen.items.size, bytes: bytesOf([...chosen.items.values()]) };
  if (all === undefined) return undefined;
  const except = [...chosen.except.values()];
  return { count: all.count - except.length, bytes: all.bytes - bytesOf(except) };
}

/** Chosen rows that a query leaves out, and a query that shows them. */
export interface Outside {
  readonly count: number;
  /** Empty where they are too many to be named. */
  readonly query: string;
}

/** True when two queries select the same rows, in whatever order. */
export function isSameSet(a: AskedRows, b: AskedRows | undefined): boolean {
  return b !== undefined && JSON.stringify(a.selection) === JSON.stringify(b.selection);
}

/** From here on the number of what is destroyed has to be typed. */
const typedAbove = { count: 100, bytes: 10 * 1024 ** 3 } as const;

/** True when so much is at stake that its number has to be typed. */
export function needsTyping({ count, bytes }: ChosenTotals): boolean {
  return count > typedAbove.count || bytes > typedAbove.bytes;
}
