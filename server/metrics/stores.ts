import type { ServedStore } from "../store-set/store-set.ts";
import type { Family, Sample } from "./family.ts";
import { gauge } from "./family.ts";

/** What of a store has numbers. */
export type CountedStore = Pick<ServedStore, "name" | "plugin" | "state" | "totals">;

/** Each store as it was when it was last looked at. Nothing is asked of what is elsewhere, so whoever reads these does not watch. */
export function storeFamilies(stores: readonly CountedStore[]): readonly Family[] {
  const all = stores.map((store) => ({ store, state: store.state(), totals: store.totals("*") }));
  const each = (read: (one: (typeof all)[number]) => number | undefined): readonly Sample[] =>
    all.flatMap((one) => sample({ store: one.store.name }, read(one)));
  return [
    gauge(
      "stowage_store_up",
      "1: the store answered when it was last looked at; 0: it did not. Absent until it was looked at.",
      all.flatMap(({ store: { name, plugin }, state: { state } }) =>
        sample({ store: name, plugin }, state === "connecting" ? undefined : Number(state === "live")),
      ),
    ),
    gauge(
      "stowage_store_blobs",
      "Blobs of a store as far as they are known; a digest in two namespaces counts twice.",
      each(({ totals }) => totals?.count),
    ),
    gauge(
      "stowage_store_bytes",
      "Bytes of the blobs of a store as far as they are known, each digest once.",
      each(({ totals }) => totals?.bytes),
    ),
    gauge(
      "stowage_store_latency_seconds",
      "How long a store elsewhere last took to answer.",
      each(({ state: { latencyMs } }) => latencyMs && latencyMs / 1000),
    ),
    gauge(
      "stowage_store_last_contact_timestamp_seconds",
      "When a store elsewhere last answered, since 1970.",
      each(({ state: { lastContactAt } }) => lastContactAt && lastContactAt.getTime() / 1000),
    ),
  ];
}

/** @param value absent: there is no number */
function sample(labels: Readonly<Record<string, string>>, value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : [{ labels, value }];
}
