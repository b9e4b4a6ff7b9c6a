import type { BlobLook } from "./blob-look.ts";
import { lookAtBlobs } from "./blob-look.ts";
import { lookAtImages, lookAtLeases, lookAtNamespaces } from "./catalog-look.ts";
import type { MirrorCore } from "./core.ts";

/**
 * Bring all rows to what a source has: blobs before the images and leases that name them.
 *
 * @param begun waited for once the namespaces are known
 */
export async function lookAtAll(core: MirrorCore, look: BlobLook, begun: () => Promise<void>): Promise<void> {
  core.asides.begin();
  try {
    const names = await lookAtNamespaces(core, look);
    await begun();
    for (const name of names) {
      await lookAtBlobs(core, name, look);
      await lookAtImages(core, name, look.ask);
      await lookAtLeases(core, name, look.ask);
    }
  } finally {
    core.asides.end();
  }
}
