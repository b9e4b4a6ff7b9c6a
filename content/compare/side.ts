import type { Store } from "../store.ts";

/** One side: a store, or several namespaces of one, of which a digest counts once. */
export type CompareSide = Pick<Store, "walk"> | readonly Pick<Store, "walk">[];
