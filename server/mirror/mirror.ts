import type { Logger } from "pino";
import { isKind } from "../../content/errors.ts";
import type { Unnumbered } from "../feed/change.ts";
import type { Feed } from "../feed/feed.ts";
import { createCatalogReads } from "../metadata/catalog/reads.ts";
import { createMutations } from "../metadata/collection/mutations.ts";
import { queries } from "../metadata/database/queries.ts";
import { createKeyedLock } from "../metadata/keyed-lock.ts";
import type { CatalogReads, Collected, Metadata } from "../metadata/metadata.ts";
import { createOpenWriters } from "../metadata/open-writers.ts";
import type { Namespaces, Totals } from "../metadata/set.ts";
import { readTotals } from "../metadata/totals.ts";
import { createAccept } from "./accept.ts";
import { createAsking } from "./asking.ts";
import { createMirrorImages, createMirrorLeases, createMirrorNamespaces } from "./changes.ts";
import type { MirrorCore } from "./core.ts";
import { createAsides } from "./core.ts";
import { openMirrorFolder } from "./folder.ts";
import { openPolledIngests } from "./ingest-look.ts";
import { createLeftOut } from "./left-out.ts";
import type { Looking } from "./looking.ts";
import { startLooking } from "./looking.ts";
import { createPassing } from "./passing.ts";
import type { MirrorSource } from "./source.ts";
import type { MirrorState } from "./state.ts";
import { createStateBoard } from "./state.ts";
import type { MirrorParts } from "./store.ts";
import { createMirrorStore } from "./store.ts";
import type { MirrorTiming } from "./timing.ts";
import { mirrorTiming } from "./timing.ts";

/** What somebody else keeps, as a Metadata: its rows are a cache that is brought up to date by looking, while somebody watches. */
export interface Mirror extends Metadata {
  /** See MirrorSource.target. */
  readonly target: string;
  /** False: what would change it is `permission-denied`. */
  readonly allowsChanges: boolean;
  readonly state: MirrorState;
  /** Hear of every change of the state. @returns ends it */
  onState(listener: (state: MirrorState) => void): () => void;
  /** Somebody wants to know how it is: look soon, as if a call came. */
  look(): void;
  /** What it has in some namespaces, as far as it is known; absent: it was never read to the end. Whoever asks does not watch. */
  totals(namespaces: Namespaces): Totals | undefined;
  /**
   * Wait for the very first look, and a little for one after a time in which nobody watched. Calls do so by themselves, but for those
   * that answer at once (`snapshot`, `count`, `catalog.namespaces`): they throw while nothing was ever read.
   *
   * @throws `unavailable` while nothing was ever read to the end; `cancelled`
   */
  ready(signal?: AbortSignal): Promise<void>;
}

/** What a mirror is opened with. */
export interface MirrorOptions {
  /** What calls name the store by. */
  readonly name: string;
  /** Its own directory, which is made where it is not there. */
  readonly root: string;
  /** Becomes the mirror's: it is disposed of with it. */
  readonly source: MirrorSource;
  readonly allowChanges: boolean;
  readonly logger: Logger;
  /** Nothing is looked at any more once it aborts. */
  readonly stopping: AbortSignal;
  /** Absent members are what a server uses. */
  readonly timing?: Partial<MirrorTiming>;
}

/**
 * Open a mirror, whether its source answers or not.
 *
 * @throws StartError where its directory cannot be used
 */
export async function openMirror(options: MirrorOptions): Promise<Mirror> {
  const { name, root, source, allowChanges, logger, stopping } = options;
  const timing = { ...mirrorTiming, ...options.timing };
  const closed = new AbortController();
  const closing = AbortSignal.any([closed.signal, stopping]);
  const mutations = createMutations();
  await using opening = new AsyncDisposableStack();
  opening.use(source);
  const observe = (change: Unnumbered): void => mutations.observe(change);
  const folder = await openMirrorFolder(root, source.target, logger, observe);
  const rows = opening.use(folder.rows);
  const core: MirrorCore = {
    name,
    source,
    rows,
    writers: createOpenWriters(),
    accept: createAccept(createLeftOut(logger)),
    lists: createKeyedLock(),
    asides: createAsides(),
    timing,
    logger,
    ask: (signals = [], limitMs = timing.answerMs) => createAsking(limitMs, closed.signal, ...signals),
  };
  const ingests = await openPolledIngests(core);
  const board = createStateBoard();
  const looking = opening.use(startLooking({ core, folder, ingests, board, closing }));
  opening.defer(() => closed.abort());
  const passing = createPassing(core, looking, allowChanges);
  const parts: MirrorParts = { core, ingests, looking, passing, transferred: { readBytes: 0, writtenBytes: 0 } };
  const open = opening.move();
  return {
    target: source.target,
    allowsChanges: allowChanges,
    get state() {
      return board.now;
    },
    onState: (listener) => board.listen(listener),
    look: () => looking.called(),
    totals: (namespaces) => (folder.isFilled ? readTotals(rows.database.main, namespaces) : undefined),
    ready: (signal) => looking.ready(signal),
    ...servedRows(parts),
    onMutation: (listener) => mutations.listen(listener),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

type Served = Omit<Metadata, "onMutation" | typeof Symbol.asyncDispose>;

/** What is asked of the rows, once there are any. */
function servedRows(parts: MirrorParts): Served {
  const { core, ingests, looking, transferred } = parts;
  const { feed, views, inventory } = core.rows;
  return {
    feed: watchedFeed(feed, looking),
    namespaces: createMirrorNamespaces(parts),
    leases: createMirrorLeases(parts),
    images: createMirrorImages(parts),
    catalog: createMirrorCatalog(parts),
    // Nothing is ever collected here.
    collect: async () => nothingCollected,
    in: (scope) => createMirrorStore(parts, scope),
    snapshot() {
      looking.require();
      return views.snapshot();
    },
    async page(query, caller, signal) {
      await looking.ready(signal);
      return await views.page(query, caller, signal);
    },
    async *scan(query, form, signal) {
      await looking.ready(signal);
      yield* views.scan(query, form, signal);
    },
    count(selection, signal) {
      looking.require();
      return views.count(selection, signal);
    },
    inventory: (namespaces) => inventory(core.writers, namespaces),
    transferred,
    async *ingests(namespaces) {
      await looking.ready();
      yield* ingests.rows(namespaces);
    },
  };
}

const nothingCollected: Collected = { leases: 0, ingests: 0, images: 0, blobs: 0, bytes: 0, ms: 0 };

/** Whoever listens watches. */
function watchedFeed(feed: Feed, looking: Looking): Feed {
  return {
    boot: feed.boot,
    log: feed.log,
    get sequence() {
      return feed.sequence;
    },
    get told() {
      return feed.told;
    },
    get watched() {
      return feed.watched;
    },
    number: (change) => feed.number(change),
    publish: (change) => feed.publish(change),
    listen(listener) {
      const end = feed.listen(listener);
      looking.called();
      return end;
    },
  };
}

function createMirrorCatalog({ core, looking, ...parts }: MirrorParts): CatalogReads {
  const { database, threads } = core.rows;
  const holders = (digest: string) =>
    database.main.first(queries.selectFrom("blob").select("namespace").where("digest", "=", digest).limit(1));
  const below: Parameters<typeof createCatalogReads>[0]["below"] = {
    readerAt(descriptor, signal) {
      // Bytes of a digest are the same in each of them.
      const namespace = holders(descriptor.digest)?.namespace ?? "";
      return createMirrorStore({ core, looking, ...parts }, { namespace }).readerAt(descriptor, signal);
    },
  };
  const { main: connection } = database;
  const { untold: backends = new Set() } = core.source;
  const reads = createCatalogReads({ connection, writers: core.writers, backends, below }, threads);
  return {
    ...reads,
    namespaces(among) {
      looking.require();
      return reads.namespaces(among);
    },
    async *images() {
      await looking.ready();
      yield* reads.images();
    },
    async *leases(namespaces) {
      await looking.ready();
      yield* reads.leases(namespaces);
    },
    // An image is shown without what it leads to, rather than not at all, while that cannot be read.
    async bytesOf(digest) {
      try {
        return await reads.bytesOf(digest);
      } catch (error) {
        if (isKind(error, "unavailable")) return undefined;
        throw error;
      }
    },
    async weigh(signal) {
      await looking.ready(signal);
      return await reads.weigh(signal);
    },
    async hold(namespace, digest, signal) {
      await looking.ready(signal);
      return await reads.hold(namespace, digest, signal);
    },
  };
}
