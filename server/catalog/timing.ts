/** When the catalog says what. Tests hand in smaller numbers. */
export interface CatalogTiming {
  /** Least milliseconds between two messages about one row. */
  readonly intervalMs: number;
  /** Least milliseconds between two times that leases are weighed. */
  readonly weighMs: number;
  /** Milliseconds that rows are kept up to date after the last one who followed them. */
  readonly lingerMs: number;
  /** Rows of one message. */
  readonly batchRows: number;
}

/** What a server uses. */
export const catalogTiming: CatalogTiming = { intervalMs: 1000, weighMs: 5000, lingerMs: 30_000, batchRows: 200 };
