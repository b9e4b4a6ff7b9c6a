import type { Store } from "../store.ts";

/** Where a copy goes from and to. */
export interface Stores {
  readonly from: Pick<Store, "info" | "readerAt" | "walk">;
  readonly to: Pick<Store, "info" | "readerAt" | "update" | "writer">;
}
