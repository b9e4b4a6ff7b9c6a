import { storeHere } from "../_live/here.ts";
import { createStore } from "../_live/store.ts";
import { patiently } from "../_ui/popups/patiently.ts";

/** True once there is something to upload, or something that an earlier page began: what it takes is loaded then. */
export const uploadsWanted = createStore(false);

const load = patiently(() => import("./hand-over.ts"));

/**
 * Upload files to the page's store.
 *
 * @param names namespaces that the page is about; where it is not one, the person is asked
 * @param folders that were among them and cannot be uploaded
 */
export async function upload(files: readonly File[], names: readonly string[], folders = 0): Promise<void> {
  const store = storeHere();
  uploadsWanted.set(true);
  (await load()).handOver({ files, store, names, folders });
}
