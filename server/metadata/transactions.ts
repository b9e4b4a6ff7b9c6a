import { ContentError } from "../../content/errors.ts";
import type { Change, Unnumbered } from "../feed/change.ts";
import type { Feed } from "../feed/feed.ts";
import { createSharedRuns } from "../shared-runs.ts";
import type { Connection } from "./database/connection.ts";
import type { Database } from "./database/database.ts";
import type { SharedSequence } from "./threads/shared-sequence.ts";

/** What a piece of work does, inside a transaction. */
export type Work<Result> = (connection: Connection, note: (change: Unnumbered) => void) => Result;

/** Changes of the database, many to a transaction, told to the feed in the order in which they were committed. */
export interface Transactions {
  /**
   * Run work in the next transaction. It is undone alone when it throws; what it notes is told once it is durable.
   *
   * @returns once it is durable
   * @throws what the work throws; `resource-exhausted` when the disk is full
   */
  durable<Result>(work: Work<Result>): Promise<Result>;
  /** The same, but settled as soon as it is committed: it survives the process, not a power loss. */
  brief<Result>(work: Work<Result>): Promise<Result>;
  /** Tell a change that is not in the database, such as bytes that arrived, in its turn. */
  note(change: Unnumbered): void;
  /** Settled when nothing is waiting any more. */
  idle(): Promise<void>;
}

/** Hears of each change inside its transaction, also of one that is undone then; it must not throw. */
export type Observer = (change: Unnumbered) => void;

/** A piece of work that waits for its transaction. */
interface Item {
  readonly durable: boolean;
  readonly work: Work<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Work that ran, in a transaction that is not over. */
interface Done {
  readonly item: Item;
  readonly result: unknown;
  readonly changes: readonly Unnumbered[];
}

/** SQLITE_FULL. */
const diskFull = 13;

/**
 * Transactions on the main connection of a database.
 *
 * @param observe absent: nobody hears of changes before the feed does
 * @param commits is told of each commit; absent: no thread reads beside them
 */
export function createTransactions(
  database: Database,
  feed: Feed,
  observe?: Observer,
  commits?: Pick<SharedSequence, "committing" | "committed">,
): Transactions {
  const { main } = database;
  const sync = createSharedRuns(() => database.sync());
  let waiting: Item[] = [];
  /** Settled when everything before was told. */
  let told: Promise<void> = Promise.resolve();

  function enqueue<Result>(work: Work<Result>, durable: boolean): Promise<Result> {
    const { promise, resolve, reject } = Promise.withResolvers<Result>();
    // Whatever arrives in one turn of the event loop shares a transaction.
    if (waiting.length === 0) setImmediate(commitWaiting);
    waiting.push({ work, durable, resolve: resolve as (result: unknown) => void, reject });
    return promise;
  }

  function commitWaiting(): void {
    const items = waiting;
    waiting = [];
    try {
      main.exec("BEGIN IMMEDIATE");
      commit(items.flatMap(attempt));
    } catch (error) {
      rollBack();
      for (const { reject } of items) reject(mapFull(error));
    }
  }

  function commit(done: readonly Done[]): void {
    commits?.committing();
    try {
      main.exec("COMMIT");
      settle(done);
    } finally {
      commits?.committed(feed.sequence);
    }
  }

  /** Run one piece of work; what it did is undone when it throws. */
  function attempt(item: Item): readonly Done[] {
    const changes: Unnumbered[] = [];
    main.exec("SAVEPOINT item");
    try {
      const result = item.work(main, (change) => {
        changes.push(change);
        observe?.(change);
      });
      main.exec("RELEASE item");
      return [{ item, result, changes }];
    } catch (error) {
      main.exec("ROLLBACK TO item; RELEASE item");
      item.reject(mapFull(error));
      return [];
    }
  }

  function rollBack(): void {
    try {
      main.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself.
    }
  }

  /** After the commit, in its turn: what is committed is numbered, told in order, and answered. */
  function settle(done: readonly Done[]): void {
    const changes = done.flatMap((one) => one.changes).map((change) => feed.number(change));
    for (const { item, result } of done) if (!item.durable) item.resolve(result);
    const waiters = done.filter(({ item }) => item.durable);
    if (waiters.length === 0) return tell(changes);
    const synced = sync();
    tell(changes, synced);
    synced.then(
      () => waiters.forEach(({ item, result }) => item.resolve(result)),
      (error: unknown) => waiters.forEach(({ item }) => item.reject(error)),
    );
  }

  /** @param after settled when they may be told; a sync that failed leaves them committed, and seen */
  function tell(changes: readonly Change[], after?: Promise<void>): void {
    if (changes.length === 0) return;
    const before = told;
    told = (async () => {
      await before;
      await after?.catch(() => {});
      for (const change of changes) feed.publish(change);
    })();
  }

  return {
    durable: (work) => enqueue(work, true),
    brief: (work) => enqueue(work, false),
    note: (change) => tell([feed.number(change)]),
    async idle() {
      while (waiting.length > 0) await this.brief(() => undefined);
      await sync().catch(() => {});
      await told;
    },
  };
}

function mapFull(error: unknown): unknown {
  if (!(error instanceof Error && "errcode" in error && error.errcode === diskFull)) return error;
  return new ContentError("resource-exhausted", "no space left in the store", { cause: error });
}
