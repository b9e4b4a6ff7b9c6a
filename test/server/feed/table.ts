import type { Digest } from "../../../content/digest.ts";
import { compareBy } from "../../../content/order.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Labels } from "../../../content/store.ts";
import type { BlobRow, Change, IngestOutcome, IngestRow, Unnumbered } from "../../../server/feed/change.ts";
import type { ChangeLog } from "../../../server/feed/change-log.ts";
import type { Feed } from "../../../server/feed/feed.ts";
import { createFeed } from "../../../server/feed/feed.ts";
import { scan } from "../../../server/feed/scan.ts";
import type { CompiledSelection } from "../../../server/feed/selection.ts";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import type { Namespaces, Totals } from "../../../server/metadata/set.ts";
import { pieceOf } from "../../support/scan-of.ts";

/**
 * Rows in memory with a feed, changed one by one, so that a test decides when a change is committed and when it is told:
 * what is durable later than it is visible, and views that are ahead of the feed.
 */
export interface Table extends Pick<Metadata, "feed" | "snapshot" | "scan" | "count" | "ingests"> {
  readonly feed: Feed;
  put(namespace: string, digest: Digest, size: number, labels?: Labels): void;
  remove(namespace: string, digest: Digest): void;
  putIngest(row: IngestRow): void;
  endIngest(namespace: string, ref: string, end: IngestOutcome): void;
  rows(namespaces?: Namespaces): readonly BlobRow[];
  /** Changes are committed and not told until `tell`. */
  hold(): void;
  /** Tell so many of the changes that are held; all of them, and later ones at once, without a number. */
  tell(changes?: number): void;
  /** Views that nobody disposed of. */
  readonly openViews: number;
  /** Pages that were read. */
  readonly pages: number;
  /** Rows of a piece of a scan. */
  scanRows: number;
}

/** The digest of a number, in no order of numbers. */
export function digestOf(number: number): Digest {
  const mixed = Math.imul(number + 1, 0x9e3779b1) >>> 0;
  return makeDigest("sha256", mixed.toString(16).padStart(8, "0").padEnd(64, "0"));
}

/** Rows, each digest's bytes once. */
export function totalsOf(rows: Iterable<BlobRow>): Totals {
  const all = [...rows];
  const sizes = new Map(all.map(({ info }) => [info.digest, info.size]));
  return { count: all.length, bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0) };
}

/** @param rowsBefore are there before the feed begins, as after a restart @param log of the feed; absent: a server's */
export function createTable(rowsBefore: readonly BlobRow[] = [], log?: ChangeLog): Table {
  const feed = createFeed(log);
  const blobs = new Map(rowsBefore.map((row) => [`${row.namespace} ${row.info.digest}`, row]));
  const ingests = new Map<string, IngestRow>();
  const untold: Change[] = [];
  let holding = false;
  let clock = Math.max(Date.UTC(2026, 0, 1), ...rowsBefore.map(({ info }) => info.updatedAt.getTime()));
  let openViews = 0;
  let counted = 0;
  let pages = 0;

  function commit(change: Unnumbered): void {
    untold.push(feed.number(change));
    if (!holding) tell();
  }

  function tell(changes = untold.length): void {
    for (const change of untold.splice(0, changes)) feed.publish(change);
  }

  function rows(namespaces: Namespaces = "*"): readonly BlobRow[] {
    return [...blobs.values()].filter(({ namespace }) => namespaces === "*" || namespaces.includes(namespace));
  }

  function snapshot(): ReturnType<Metadata["snapshot"]> {
    const view = new Map(blobs);
    let open = true;
    openViews += 1;
    return {
      sequence: feed.sequence,
      page(namespaces, order, after, limit, including = false) {
        pages += 1;
        const compare = compareBy(order);
        return [...view.values()]
          .filter(({ namespace }) => namespaces === "*" || namespaces.includes(namespace))
          .filter((row) => after === undefined || compare(row, after) > (including ? -1 : 0))
          .sort(compare)
          .slice(0, limit);
      },
      totals: (namespaces) =>
        totalsOf([...view.values()].filter((row) => namespaces === "*" || namespaces.includes(row.namespace))),
      [Symbol.dispose]() {
        if (open) openViews -= 1;
        open = false;
      },
    };
  }

  /** As on a thread: at a moment that comes some turns later, of which only the number is known. */
  async function count(
    { selectsBlob }: CompiledSelection,
    signal: AbortSignal,
  ): Promise<{ rows: readonly BlobRow[]; sequence: number }> {
    counted += 1;
    for (let turn = counted % 7; turn > 0; turn -= 1) await new Promise(setImmediate);
    const found = { rows: signal.aborted ? [] : rows().filter(selectsBlob), sequence: feed.sequence };
    for (let turn = counted % 5; turn > 0; turn -= 1) await new Promise(setImmediate);
    return found;
  }

  function changeBlob(namespace: string, digest: Digest, after: BlobRow | undefined): void {
    const key = `${namespace} ${digest}`;
    const before = blobs.get(key);
    if (after === undefined) blobs.delete(key);
    else blobs.set(key, after);
    const elsewhere = rows().filter((row) => row.info.digest === digest && row.namespace !== namespace);
    commit({ kind: "blob", namespace, digest, elsewhere, ...(before && { before }), ...(after && { after }) });
  }

  const table: Table = {
    scanRows: 250,
    feed,
    rows,
    put(namespace, digest, size, labels = {}) {
      const updatedAt = new Date((clock += 1000));
      const createdAt = blobs.get(`${namespace} ${digest}`)?.info.createdAt ?? updatedAt;
      changeBlob(namespace, digest, { namespace, info: { digest, size, createdAt, updatedAt, labels } });
    },
    remove(namespace, digest) {
      if (blobs.has(`${namespace} ${digest}`)) changeBlob(namespace, digest, undefined);
    },
    putIngest(after) {
      const { namespace, status } = after;
      const before = ingests.get(`${namespace} ${status.ref}`);
      ingests.set(`${namespace} ${status.ref}`, after);
      commit({ kind: "ingest", namespace, ref: status.ref, after, ...(before && { before }) });
    },
    endIngest(namespace, ref, end) {
      const before = ingests.get(`${namespace} ${ref}`);
      ingests.delete(`${namespace} ${ref}`);
      commit({ kind: "ingest", namespace, ref, end, ...(before && { before }) });
    },
    hold() {
      holding = true;
    },
    tell(changes) {
      if (changes === undefined) holding = false;
      tell(changes);
    },
    get openViews() {
      return openViews;
    },
    get pages() {
      return pages;
    },
    snapshot,
    async *scan(query, form, signal) {
      for await (const page of scan({ snapshot }, { ...query, pageRows: table.scanRows })) {
        if (signal?.aborted) return;
        yield { ...pieceOf(page.rows, form), last: page.last, sequence: page.sequence };
      }
    },
    count(selection, signal) {
      let totals: Totals = { count: 0, bytes: 0 };
      const done = count(selection, signal).then(({ rows: found, sequence }) => {
        totals = totalsOf(found);
        return sequence;
      });
      return {
        get totals() {
          return totals;
        },
        done,
      };
    },
    async *ingests(namespaces) {
      for (const row of [...ingests.values()]) {
        if (namespaces === "*" || namespaces.includes(row.namespace)) yield row;
      }
    },
  };
  return table;
}
