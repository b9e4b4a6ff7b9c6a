import type { Logger } from "pino";
import type { Store } from "../../content/store.ts";
import type { Feed } from "../feed/feed.ts";
import type { Barrier } from "./collection/barrier.ts";
import type { Connection } from "./database/connection.ts";
import type { KeyedLock } from "./keyed-lock.ts";
import type { Transferred } from "./metadata.ts";
import type { OpenWriters } from "./open-writers.ts";
import type { Sharing } from "./sharing.ts";
import type { Transactions } from "./transactions.ts";

/** What all parts of the metadata work with. */
export interface Core {
  /** The store that holds the bytes. */
  readonly below: Store;
  /** For reads; writes go through `transactions`. */
  readonly connection: Connection;
  readonly transactions: Transactions;
  readonly feed: Feed;
  readonly writers: OpenWriters;
  /** Is added to with every piece that a caller reads or writes. */
  readonly transferred: { -readonly [K in keyof Transferred]: Transferred[K] };
  /**
   * Held by whoever makes a blob appear or disappear, so that no commit counts on bytes that a delete is about to remove.
   * Named by digest.
   */
  readonly digests: KeyedLock;
  /** Is told of all that a collection must not remove any more. */
  readonly barrier: Barrier;
  readonly sharing: Sharing;
  /** Namespaces of containerds that have this server as their content store: nothing in them is collected or expired. */
  readonly backends: ReadonlySet<string>;
  readonly logger: Logger;
}
