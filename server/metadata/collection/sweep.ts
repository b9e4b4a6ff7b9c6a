import { setImmediate as nextTurn } from "node:timers/promises";
import type { Digest } from "../../../content/digest.ts";
import { findBlob, removeBlob } from "../blobs.ts";
import type { Core } from "../core.ts";
import type { Connection } from "../database/connection.ts";
import { findImage, removeImage } from "../image-rows.ts";
import { removeBytes } from "../leaving.ts";

/** Things that a step looks at to find out what became of use; some 2 ms. */
const settledInStep = 200;

/** True where an image was removed; false: it became of use, or is gone. */
export async function sweepImage(core: Core, namespace: string, name: string): Promise<boolean> {
  const swept = await whenSettled(core, async (settled) => {
    return await core.transactions.durable((tables, note) => {
      if (!settled(tables)) return "later";
      const image = core.barrier.holds({ kind: "image", key: name }) ? undefined : findImage(tables, namespace, name);
      if (image === undefined) return undefined;
      removeImage(tables, note, namespace, image, true);
      return image;
    });
  });
  if (swept !== undefined) core.logger.info({ namespace, image: name, reason: "expired" }, "image collected");
  return swept !== undefined;
}

/**
 * Remove a blob from a namespace that nothing leads to, unless it became of use since it was marked. Its bytes go as with a
 * delete: once no namespace holds it.
 *
 * @returns its size in bytes; absent: it stays, or is gone
 */
export async function sweepBlob(core: Core, namespace: string, digest: Digest): Promise<number | undefined> {
  const swept = await whenSettled(core, async (settled) => {
    using _held = await core.digests.hold(digest);
    const removed = await core.transactions.durable((tables, note) => {
      if (!settled(tables)) return "later";
      const stays = core.barrier.holds({ kind: "content", key: digest });
      const info = stays ? undefined : findBlob(tables, namespace, digest);
      return info && { size: info.size, alone: removeBlob(tables, note, { namespace, info }, true) };
    });
    if (removed !== "later" && removed?.alone) await removeBytes(core, digest);
    return removed;
  });
  return swept?.size;
}

/**
 * Run a step that needs to know all that became of use. Where more did than one step may look at, it is looked at in slices
 * between other work, and the step runs again.
 */
async function whenSettled<Result>(
  core: Core,
  step: (settled: (tables: Connection) => boolean) => Promise<Result | "later">,
): Promise<Result> {
  const settled = (tables: Connection): boolean => core.barrier.settle(tables, settledInStep);
  for (;;) {
    while (!settled(core.connection)) await nextTurn();
    const result = await step(settled);
    if (result !== "later") return result;
  }
}
