import { whileInSight } from "./in-sight.ts";
import { refreshStores } from "./stores.ts";

/** Time between two questions, in milliseconds: about the server's own stores, about others, and about one that is to come any moment. */
export const askStoresMs = { own: 60_000, others: 5_000, awaited: 1_000 } as const;

/** Ask how the stores are, at once and every so many milliseconds while the page is in sight. @returns a function that ends it */
export function watchStores(everyMs: number): () => void {
  return whileInSight(() => {
    void refreshStores();
    const timer = setInterval(() => void refreshStores(), everyMs);
    return () => clearInterval(timer);
  });
}
