import { ContentError } from "../../../content/errors.ts";
import type { ImageDocument } from "../catalog/document.ts";
import type { LeaseWeight } from "../catalog/weigh.ts";
import type { StoredInventory } from "../inventory.ts";
import type {
  Counted,
  CountQuery,
  DocumentQuery,
  InventoryQuery,
  PageQuery,
  Piece,
  PieceQuery,
  StoredPage,
  ThreadData,
  WeighQuery,
} from "./job.ts";
import { createLane } from "./lane.ts";

/**
 * Threads for pages, for pieces of scans, for counts, for long documents and for weighing leases, at most: each has its own, so
 * that a count of many seconds holds up no other kind. What they read is in the page cache, and other work needs the other cores.
 */
const threads = { pages: 2, pieces: 1, counts: 1, documents: 1, weights: 1 } as const;

/** Pages of one caller that run or wait. */
const maxOfCaller = 8;

/** Pages of all callers that run or wait. */
const maxQueries = 256;

/** Runs what may take longer than a turn of the event loop may. */
export interface ReaderThreads extends AsyncDisposable {
  /**
   * One page of a sorted set.
   *
   * @param caller whose quota it is
   * @param signal the thread stops when it aborts, and answers the next
   * @throws `resource-exhausted` when the caller, or everybody together, has too many queries; `cancelled`; what
   * compileSelection throws
   */
  page(query: PageQuery, caller: string, signal?: AbortSignal): Promise<StoredPage>;
  /** The next rows of a scan: those of all scans take turns. @throws `cancelled` */
  piece(query: PieceQuery, signal?: AbortSignal): Promise<Piece>;
  /** Counts follow one another. @throws `cancelled` */
  count(query: CountQuery, signal?: AbortSignal): Promise<Counted>;
  /** What a document names. */
  document(query: DocumentQuery): Promise<ImageDocument>;
  /** What there is, in numbers; it waits for documents alone, which are short. */
  inventory(query: InventoryQuery): Promise<StoredInventory>;
  /** What leases keep. @throws `cancelled` */
  weigh(query: WeighQuery, signal?: AbortSignal): Promise<readonly LeaseWeight[]>;
}

/** Threads of a database that is open. They are started when there is a first query. */
export function createReaderThreads(data: ThreadData): ReaderThreads {
  const pages = createLane(data, threads.pages);
  const pieces = createLane(data, threads.pieces);
  const counts = createLane(data, threads.counts);
  const documents = createLane(data, threads.documents);
  const weights = createLane(data, threads.weights);
  const ofCaller = new Map<string, number>();
  let queries = 0;

  function admit(caller: string): void {
    const own = ofCaller.get(caller) ?? 0;
    if (own >= maxOfCaller || queries >= maxQueries) {
      throw new ContentError("resource-exhausted", "too many queries at once; wait for one to end");
    }
    queries += 1;
    ofCaller.set(caller, own + 1);
  }

  function leave(caller: string): void {
    queries -= 1;
    const own = (ofCaller.get(caller) ?? 1) - 1;
    if (own === 0) ofCaller.delete(caller);
    else ofCaller.set(caller, own);
  }

  return {
    async page(query, caller, signal) {
      admit(caller);
      try {
        return await pages.run("page", query, signal);
      } finally {
        leave(caller);
      }
    },
    piece: (query, signal) => pieces.run("piece", query, signal),
    count: (query, signal) => counts.run("count", query, signal),
    document: (query) => documents.run("document", query),
    inventory: (query) => documents.run("inventory", query),
    weigh: (query, signal) => weights.run("weigh", query, signal),
    async [Symbol.asyncDispose]() {
      await Promise.all([pages, pieces, counts, documents, weights].map((lane) => lane[Symbol.asyncDispose]()));
    },
  };
}
