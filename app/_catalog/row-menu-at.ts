/** A menu of a row: what it is about, and where it hangs. */
export interface RowMenuAt<Row> {
  readonly kind: "acts" | "filter" | "exclude";
  readonly row: Row;
  readonly element: HTMLElement;
}

const menus: Readonly<Record<string, RowMenuAt<never>["kind"]>> = { ".": "acts", f: "filter", F: "exclude" };

/** The menu that a key opens; absent: none. */
export function menuOfKey(key: string): RowMenuAt<never>["kind"] | undefined {
  return menus[key];
}
