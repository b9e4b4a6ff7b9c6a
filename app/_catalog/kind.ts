import type { NamedRow } from "../../content/query.ts";
import type { CatalogRow, HeldCatalogRow, LiveCatalog } from "../_live/catalog.ts";
import type { CatalogSet } from "../_live/catalog-events.ts";
import type { SortKey } from "../_ui/list/column.ts";

/** What a page of the catalog is about. Its functions stay the same ones. */
export interface CatalogKind<Set extends CatalogSet> {
  readonly set: Set;
  /** Of the page, such as `Images`. */
  readonly title: string;
  /** One such row, such as `image`. */
  readonly noun: string;
  readonly live: LiveCatalog<Set>;
  /** Every namespace is told, whichever the page is about. */
  readonly isOfAll?: boolean;
  /** What a query asks of a row. @param nowMs by the server's clock */
  readonly namedOf: (row: CatalogRow<Set>, nowMs: number) => NamedRow;
  /** The field of the query language that names a row. */
  readonly nameField: "name" | "id" | "ns";
  /** States that a query can ask for. */
  readonly states: readonly string[];
  /** Columns that it can be sorted by. */
  readonly sortable: readonly string[];
  readonly firstSort: SortKey;
  /** Columns that are read from their start up. */
  readonly ascendingFirst: ReadonlySet<string>;
}

/** A row of a page of the catalog. */
export type Held<Set extends CatalogSet> = HeldCatalogRow<Set>;

/** Rows that are not gone. */
export function openOf<Row extends { readonly goneAt?: number }>(rows: readonly Row[]): readonly Row[] {
  return rows.filter(({ goneAt }) => goneAt === undefined);
}

/** Rows in an order of columns; equal ones by the last comparison. */
export function sortRows<Row>(
  rows: readonly Row[],
  sort: readonly SortKey[],
  comparisons: Readonly<Record<string, (a: Row, b: Row) => number>>,
  last: (a: Row, b: Row) => number,
): readonly Row[] {
  return rows.toSorted((a, b) => {
    for (const { id, isDescending } of sort) {
      const difference = comparisons[id]?.(a, b) ?? 0;
      if (difference !== 0) return isDescending ? -difference : difference;
    }
    return last(a, b);
  });
}

const texts = new Intl.Collator("en", { numeric: true });

/** Names as people read them: `v9` before `v10`. */
export function compareNames(a: string, b: string): number {
  return texts.compare(a, b) || (a < b ? -1 : Number(a > b));
}
