import { namingQuery } from "../_query/naming.ts";
import type { Outside } from "../_ui/list/chosen.ts";

/** What a chosen row is called, and where it is. */
export interface Named {
  readonly namespace: string;
  readonly name: string;
}

/** What a page of the catalog has and shows. */
export interface PageRows {
  /** Namespaces that the page is about; none: all. */
  readonly names: readonly string[];
  /** False: rows are still being told, and none is known to be gone. */
  readonly isComplete: boolean;
  /** Keys of all rows that are here, whatever the query. */
  readonly present: ReadonlySet<string>;
  /** Keys of those that the query asks for. */
  readonly shown: ReadonlySet<string>;
  /** The field of the query language that names a row. */
  readonly field: string;
}

/** What of a choice is still there. */
export interface ChosenNow<Item> {
  readonly here: readonly Item[];
  /** Chosen rows of these namespaces that are no more. */
  readonly gone: number;
  /** Chosen rows that the query, or the choice of namespaces, leaves out. */
  readonly outside: Outside;
}

/** What has become of a choice. @param namedOf of a chosen row */
export function chosenNow<Item>(
  items: ReadonlyMap<string, Item>,
  namedOf: (item: Item) => Named,
  { names, isComplete, present, shown, field }: PageRows,
): ChosenNow<Item> {
  const here: Item[] = [];
  const outside: string[] = [];
  let gone = 0;
  for (const [key, item] of items) {
    const { namespace, name } = namedOf(item);
    const isInScope = names.length === 0 || names.includes(namespace);
    const isGone = isInScope && isComplete && !present.has(key);
    if (isGone) gone += 1;
    else if (!isInScope || (isComplete && !shown.has(key))) outside.push(name);
    if (present.has(key)) here.push(item);
  }
  return { here, gone, outside: { count: outside.length, query: namingQuery(field, outside) } };
}
