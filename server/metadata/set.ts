import type { OrderKey } from "../../content/order.ts";

/** Which namespaces a query is about: some, by name, or every one there is. */
export type Namespaces = readonly string[] | "*";

/** Sort keys of blobs; content/order.ts makes them total. */
export type Order = readonly OrderKey[];

export interface Totals {
  /** Rows: a digest in two namespaces counts twice. */
  readonly count: number;
  /** Each digest counts once. */
  readonly bytes: number;
}
