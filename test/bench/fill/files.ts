import { open } from "node:fs/promises";
import type { Layout } from "../../../server/stores/local/layout.ts";
import { putStamp } from "../../../server/stores/local/stamp.ts";
import type { FilledBlob } from "./images.ts";

/** Mode of a blob in the local store. */
const blobMode = 0o444;

/** Put a blob where the local store keeps it, marked as known to be good. Nothing is synced. @throws where it is there already */
export async function writeBlobFile(layout: Layout, { info, data }: FilledBlob): Promise<void> {
  await using handle = await open(layout.blob(info.digest), "wx", blobMode);
  await handle.write(data);
  await handle.chmod(blobMode);
  await putStamp(handle, info.digest, await handle.stat({ bigint: true }), info.createdAt);
}
