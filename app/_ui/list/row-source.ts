/** The rows of a list by their place; not all of them need be here. */
export interface RowSource<Row> {
  /** All rows, also those that are not here. */
  readonly count: number;
  /** The row at a place, from 0; absent while it is not here. */
  at(index: number): Row | undefined;
  /** The key of the row at a place; absent while it is not here. */
  keyAt(index: number): string | undefined;
  /** The place of a row that is here; -1 for any other. */
  indexOf(key: string): number;
}

/** Rows that are all here. */
export function allRows<Row>(rows: readonly Row[], keyOf: (row: Row) => string): RowSource<Row> {
  let places: ReadonlyMap<string, number> | undefined;
  return {
    count: rows.length,
    at: (index) => rows[index],
    keyAt(index) {
      const row = rows[index];
      return row === undefined ? undefined : keyOf(row);
    },
    indexOf(key) {
      places ??= new Map(rows.map((row, index) => [keyOf(row), index]));
      return places.get(key) ?? -1;
    },
  };
}
