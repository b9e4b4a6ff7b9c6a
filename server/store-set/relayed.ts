import type { ServedStore, StoreState } from "./store-set.ts";

/** A Stowage elsewhere, to which calls are passed on as they are. */
export interface Relay
  extends Required<Pick<ServedStore, "services" | "downloads" | "node">>,
    Pick<ServedStore, "target" | "allowsChanges" | "in" | "namespaces" | "look" | "totals">,
    AsyncDisposable {
  state(): StoreState;
}
