import { patiently } from "../_ui/popups/patiently.ts";
import type { CatalogEvent } from "./catalog-events.ts";
import type { followCatalog as FollowCatalog } from "./catalog-follow.ts";

const load = patiently(() => import("./catalog-follow.ts"));

/** As followCatalog, which is loaded with the first question: a page that has a worker asks nothing by itself. */
export async function* followCatalogLater(
  ...asked: Parameters<typeof FollowCatalog>
): AsyncGenerator<CatalogEvent, void, undefined> {
  const { followCatalog } = await load();
  yield* followCatalog(...asked);
}
