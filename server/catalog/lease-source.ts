import type { LeaseRow } from "../../content/catalog.ts";
import { expiryOf } from "../../content/gc-labels.ts";
import type { Lease } from "../../content/lease.ts";
import type { Change } from "../feed/change.ts";
import type { LeaseWeight } from "../metadata/catalog/weigh.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { RowSource } from "./row-source.ts";
import { createListeners, partsOfKey, rowKey } from "./row-source.ts";
import type { CatalogTiming } from "./timing.ts";
import { createWeighing } from "./weighing.ts";

type Catalog = Pick<Metadata, "feed" | "catalog" | "ingests">;

/** A lease, with what was found out of it; what was not, or is not right any more, is absent. */
interface Entry {
  readonly namespace: string;
  lease: Lease;
  row: LeaseRow | undefined;
  weight: LeaseWeight | undefined;
  /** Refs of its ingests, as of `row`. */
  refs: ReadonlySet<string>;
}

const noRefs: ReadonlySet<string> = new Set();

/**
 * Every lease, with what it names, and what that weighs.
 *
 * @param failed told why leases could not be weighed
 */
export function openLeaseSource(
  metadata: Catalog,
  timing: Pick<CatalogTiming, "weighMs">,
  failed: (error: unknown) => void,
): RowSource<LeaseRow> {
  const { catalog, feed } = metadata;
  const { tell, listen } = createListeners();
  const entries = new Map<string, Entry>();
  /** Keys of ingests that a writer holds. */
  const locked = new Set<string>();
  const weighing = createWeighing((signal) => catalog.weigh(signal), weighed, timing.weighMs, failed);
  let isClosed = false;

  function put(namespace: string, lease: Lease): void {
    const key = rowKey(namespace, lease.id);
    entries.set(key, { namespace, lease, row: undefined, weight: entries.get(key)?.weight, refs: noRefs });
    tell(key);
  }

  function remove(key: string): void {
    if (entries.delete(key)) tell(key);
  }

  function touch(key: string): void {
    const entry = entries.get(key);
    if (entry === undefined) return;
    entry.row = undefined;
    tell(key);
  }

  function weighed(weights: readonly LeaseWeight[]): void {
    const known = new Map(weights.map((weight) => [rowKey(weight.namespace, weight.id), weight]));
    for (const [key, entry] of entries) {
      const [before, after] = [entry.weight, known.get(key)];
      if (before?.bytes === after?.bytes && before?.onlyBytes === after?.onlyBytes) continue;
      entry.weight = after;
      touch(key);
    }
  }

  function hear(change: Change): void {
    if (change.kind === "lease") {
      if (change.after === undefined) remove(rowKey(change.namespace, change.id));
      else put(change.namespace, change.after);
    }
    if (change.kind === "ingest") hearIngest(change);
    // Its leases go with a namespace, and nothing more is said of them.
    if (change.kind === "namespace" && change.after === undefined) {
      for (const [key, { namespace }] of entries) if (namespace === change.namespace) remove(key);
    }
    if (change.kind !== "ingest" || change.before === undefined || change.after === undefined) weighing.ask();
  }

  function hearIngest(change: Change & { readonly kind: "ingest" }): void {
    const key = rowKey(change.namespace, change.ref);
    const isLocked = change.after?.lockedAt !== undefined;
    if (isLocked === locked.has(key) && change.after !== undefined) return;
    if (isLocked) locked.add(key);
    else locked.delete(key);
    if (change.after === undefined) {
      // It went from its leases as well, which are not named any more.
      for (const [other, { namespace, refs }] of entries) {
        if (namespace === change.namespace && refs.has(change.ref)) touch(other);
      }
      return;
    }
    for (const id of catalog.leasesOfIngest(change.namespace, change.ref)) touch(rowKey(change.namespace, id));
  }

  function rowOf(entry: Entry): LeaseRow {
    const { namespace, lease, weight } = entry;
    const { refs, ...holdings } = catalog.held(namespace, lease.id);
    entry.refs = new Set(refs);
    const expiresMs = expiryOf(lease.labels);
    return {
      namespace,
      lease,
      ...(expiresMs !== undefined && { expiresAt: new Date(expiresMs) }),
      ...holdings,
      activeIngests: refs.filter((ref) => locked.has(rowKey(namespace, ref))).length,
      ...(weight && { weight: { bytes: weight.bytes, onlyBytes: weight.onlyBytes } }),
    };
  }

  async function load(): Promise<void> {
    for await (const { namespace, status, lockedAt } of metadata.ingests("*")) {
      if (isClosed) return;
      if (lockedAt !== undefined) locked.add(rowKey(namespace, status.ref));
    }
    for await (const { namespace, lease } of catalog.leases()) {
      if (isClosed) return;
      put(namespace, lease);
    }
    weighing.ask();
  }

  const stop = feed.listen(hear);
  return {
    ready: load(),
    keys: () => entries.keys(),
    get(key) {
      const entry = entries.get(key);
      if (entry !== undefined) entry.row ??= rowOf(entry);
      return entry?.row;
    },
    listen,
    [Symbol.dispose]() {
      isClosed = true;
      stop();
      weighing[Symbol.dispose]();
    },
  };
}

/** What a key of a lease was made of. */
export function leaseOfKey(key: string): { readonly namespace: string; readonly id: string } {
  const { namespace, name } = partsOfKey(key);
  return { namespace, id: name };
}
