/** A row as the page holds it. */
export interface HeldRow<Row, End> {
  readonly key: string;
  readonly row: Row;
  /** When it came, in milliseconds since 1970; absent for a row that was there when the page first looked. */
  readonly newAt?: number;
  /** When it went; it is kept a little, so that people see it go. */
  readonly goneAt?: number;
  /** How it ended, where that was told. */
  readonly end?: End;
}

/** The rows of one live set. */
export interface HeldSet<Row, End> {
  /** The whole set is told anew. What is held stays until `complete` knows what is gone. */
  begin(): void;
  /** Rows that are new or changed. */
  put(rows: readonly Row[], nowMs: number): void;
  /** A row is gone; it is held until `prune` takes it. */
  remove(key: string, nowMs: number, end?: End): void;
  /** A row left the window or the selection; it is not held any longer. */
  drop(key: string): void;
  /**
   * The whole set was told: what it did not tell is gone.
   *
   * @param compare given where more rows match than were told: those after the last told one only left the window
   */
  complete(nowMs: number, compare?: (a: Row, b: Row) => number): void;
  /** Let go of rows that went long enough ago. @returns those */
  prune(nowMs: number): readonly HeldRow<Row, End>[];
  /** In the order in which they came. */
  rows(): readonly HeldRow<Row, End>[];
  row(key: string): HeldRow<Row, End> | undefined;
  /** True once a whole set was told. */
  readonly isComplete: boolean;
  /** True while the whole set is told. */
  readonly isTold: boolean;
  /** How many of the rows are gone. */
  readonly gone: number;
}

/** How long a row that is gone stays in sight, in milliseconds. */
export const goneRowMs = 5_000;

/** How long a row is marked as new, in milliseconds. */
export const newRowMs = 3_000;

/** An empty set of rows that are told apart by a key. */
export function createHeldSet<Row, End = never>(keyOf: (row: Row) => string): HeldSet<Row, End> {
  const held = new Map<string, HeldRow<Row, End>>();
  let told: Set<string> | undefined;
  let isComplete = false;

  function remove(key: string, nowMs: number, end?: End): void {
    const before = held.get(key);
    if (before === undefined || before.goneAt !== undefined) return;
    held.set(key, { key, row: before.row, goneAt: nowMs, ...(end !== undefined && { end }) });
  }

  return {
    begin() {
      told = new Set();
    },
    put(rows, nowMs) {
      for (const row of rows) {
        const key = keyOf(row);
        const before = held.get(key);
        const newAt = before === undefined || before.goneAt !== undefined ? nowMs : before.newAt;
        held.set(key, { key, row, ...(isComplete && newAt !== undefined && { newAt }) });
        told?.add(key);
      }
    },
    remove,
    drop(key) {
      held.delete(key);
    },
    complete(nowMs, compare) {
      if (told !== undefined) {
        const last = compare && lastOf(held, told, compare);
        for (const [key, { row }] of held) {
          if (told.has(key)) continue;
          if (last !== undefined && compare && compare(row, last) > 0) held.delete(key);
          else remove(key, nowMs);
        }
      }
      told = undefined;
      isComplete = true;
    },
    prune(nowMs) {
      const over = [...held.values()].filter(({ goneAt }) => goneAt !== undefined && nowMs - goneAt >= goneRowMs);
      for (const { key } of over) held.delete(key);
      return over;
    },
    rows: () => [...held.values()],
    row: (key) => held.get(key),
    get isComplete() {
      return isComplete;
    },
    get isTold() {
      return told !== undefined;
    },
    get gone() {
      return [...held.values()].filter(({ goneAt }) => goneAt !== undefined).length;
    },
  };
}

/** The last of the told rows in an order; absent when none was told. */
function lastOf<Row>(
  held: ReadonlyMap<string, { readonly row: Row }>,
  told: ReadonlySet<string>,
  compare: (a: Row, b: Row) => number,
): Row | undefined {
  let last: Row | undefined;
  for (const key of told) {
    const row = held.get(key)?.row;
    if (row !== undefined && (last === undefined || compare(row, last) > 0)) last = row;
  }
  return last;
}
