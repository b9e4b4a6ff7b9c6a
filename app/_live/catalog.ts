import type { ImageRow, LeaseRow, NamespaceRow, RepositoryRow } from "../../content/catalog.ts";
import type { ContentError } from "../../content/errors.ts";
import type { ConnectionEvent } from "../../content/remote/events.ts";
import type { CatalogEvent, CatalogItem, CatalogSet } from "./catalog-events.ts";
import { keyOfRow, repositoryKey } from "./catalog-events.ts";
import { serverNow } from "./clock.ts";
import type { HeldRow, HeldSet } from "./held-set.ts";
import { createHeldSet, goneRowMs } from "./held-set.ts";
import { hereStore, storeHere } from "./here.ts";
import type { Link } from "./live-sets.ts";
import { addWaiting, isPaused, pauseStore } from "./pause.ts";
import { runStream } from "./run-stream.ts";
import type { Store } from "./store.ts";
import { createStore } from "./store.ts";

/** A row of a set of the catalog. */
export type CatalogRow<Set extends CatalogSet> = CatalogRows[Set];

interface CatalogRows {
  readonly images: ImageRow;
  readonly leases: LeaseRow;
  readonly namespaces: NamespaceRow;
}

/** A row as the page holds it. */
export type HeldCatalogRow<Set extends CatalogSet> = HeldRow<CatalogRow<Set>, never>;

/** What a page shows of a set of the catalog. */
export interface CatalogView<Set extends CatalogSet> {
  /** In the order in which they came. */
  readonly rows: readonly HeldCatalogRow<Set>[];
  /** Of images: what those of a repository are together, by repositoryKey. */
  readonly repositories: ReadonlyMap<string, RepositoryRow>;
  readonly isComplete: boolean;
  /** When the rows were last heard to be right. */
  readonly asOf?: Date;
  /** Why the server does not tell. */
  readonly error?: ContentError;
}

/** A set of the catalog, followed. */
export interface LiveCatalog<Set extends CatalogSet> extends Store<CatalogView<Set>> {
  /** Follow those of the page's store. @param namespaces names, or `["*"]`; of namespaces themselves, that alone. @returns a function that ends it */
  show(namespaces: readonly string[]): () => void;
  /** Ask anew after the server refused. */
  retry(): void;
}

/** @param name for people */
export function createLiveCatalog<Set extends CatalogSet>(of: Set, name: string, link: Link): LiveCatalog<Set> {
  const nothing: CatalogView<Set> = { rows: [], repositories: new Map(), isComplete: false };
  const store = createStore(nothing);
  hereStore.subscribe(() => store.set(nothing));
  let retry = (): void => undefined;

  function show(namespaces: readonly string[]): () => void {
    const question = { selection: { namespaces }, store: storeHere() };
    const kept = createKept(of);
    let error: ContentError | undefined;
    let asOf: Date | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;

    function publish(): void {
      if (isPaused()) return;
      const { rows, repositories } = kept;
      rows.prune(serverNow());
      clearTimeout(timer);
      if (rows.gone > 0) timer = setTimeout(publish, goneRowMs / 5);
      store.set({
        rows: rows.rows(),
        repositories: new Map(
          repositories.rows().flatMap(({ key, row, goneAt }) => (goneAt === undefined ? [[key, row] as const] : [])),
        ),
        isComplete: rows.isComplete,
        ...(asOf && { asOf }),
        ...(error && { error }),
      });
    }

    const run = () =>
      runStream<Exclude<CatalogEvent, ConnectionEvent>>(name, (signal) => link.catalog(of, question, signal), {
        apply(events) {
          error = undefined;
          for (const event of events) {
            applyCatalogEvent(kept, event, serverNow());
            if (event.kind === "bookmark") asOf = event.serverTime;
          }
          addWaiting(events.filter(({ kind }) => kind === "items" || kind === "gone").length);
          publish();
        },
        fail(reason) {
          error = reason;
          publish();
        },
      });
    publish();
    let stop = run();
    retry = () => {
      stop();
      error = undefined;
      publish();
      stop = run();
    };
    const unlisten = pauseStore.subscribe(publish);
    return () => {
      stop();
      unlisten();
      clearTimeout(timer);
    };
  }

  return { get: store.get, subscribe: store.subscribe, show, retry: () => retry() };
}

/** What is held of a set. */
export interface KeptCatalog<Set extends CatalogSet> {
  readonly of: Set;
  readonly rows: HeldSet<CatalogRow<Set>, never>;
  readonly repositories: HeldSet<RepositoryRow, never>;
}

/** Nothing of a set. */
export function createKept<Set extends CatalogSet>(of: Set): KeptCatalog<Set> {
  const repositories = createHeldSet<RepositoryRow>((row) => repositoryKey(row.namespace, row.repository));
  return { of, rows: createHeldSet<CatalogRow<Set>>(keyOfRow), repositories };
}

/** What an event does to what is held. */
export function applyCatalogEvent<Set extends CatalogSet>(
  { of, rows, repositories }: KeptCatalog<Set>,
  event: Exclude<CatalogEvent, ConnectionEvent>,
  nowMs: number,
): void {
  switch (event.kind) {
    case "begin":
      repositories.begin();
      return rows.begin();
    case "items": {
      const own = event.items.filter((item) => item.of === of).map(({ row }) => row as CatalogRow<Set>);
      rows.put(own, nowMs);
      return putRepositories(repositories, event.items, nowMs);
    }
    case "gone":
      return rows.remove(event.key, nowMs);
    case "bookmark":
      if (!event.complete) return;
      repositories.complete(nowMs);
      rows.complete(nowMs);
  }
}

function putRepositories(held: HeldSet<RepositoryRow, never>, items: readonly CatalogItem[], nowMs: number): void {
  const rows = items.flatMap((item) => (item.of === "repositories" ? item.row : []));
  held.put(
    rows.filter(({ images }) => images > 0),
    nowMs,
  );
  for (const { namespace, repository, images } of rows) {
    if (images === 0) held.drop(repositoryKey(namespace, repository));
  }
}
