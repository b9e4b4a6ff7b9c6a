import type { Unnumbered } from "../../feed/change.ts";

/** Told of a change that may call for a collection: whether something was removed. */
type Listener = (removed: boolean) => void;

/** Tells changes that may call for a collection from those that a collection makes. */
export interface Mutations {
  observe(change: Unnumbered): void;
  /** @returns a function that ends it */
  listen(listener: Listener): () => void;
}

/** Nobody listens. */
export function createMutations(): Mutations {
  const listeners = new Set<Listener>();
  return {
    observe(change) {
      if ("collected" in change && change.collected) return;
      for (const listener of listeners) listener(isRemoval(change));
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** As containerd counts: a blob, an image, a lease, or something that a lease held. */
function isRemoval(change: Unnumbered): boolean {
  if (change.kind === "lease" && change.removed !== undefined) return true;
  return change.kind !== "ingest" && change.kind !== "namespace" && change.after === undefined;
}
