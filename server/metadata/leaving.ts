import type { Digest } from "../../content/digest.ts";
import { isKind } from "../../content/errors.ts";
import { isHeld } from "./blobs.ts";
import type { Core } from "./core.ts";
import { queries } from "./database/queries.ts";

/**
 * Remove the bytes of a blob whose last row went. What is to go is noted with the row's removal (removeBlob), so that a crash
 * between the two leaves nothing behind: see removeLeft.
 */
export async function removeBytes(core: Core, digest: Digest): Promise<void> {
  try {
    await core.below.delete(digest);
  } catch (error) {
    if (!isKind(error, "not-found")) throw error;
  }
  await core.transactions.brief((tables) => {
    tables.run(queries.deleteFrom("leaving").where("digest", "=", digest));
  });
}

/**
 * Remove the bytes that were to go when the server died. Ingests are recovered before: what one of them became since is held,
 * and stays.
 */
export async function removeLeft(core: Core): Promise<void> {
  const digests = core.connection
    .all(queries.selectFrom("leaving").select("digest"))
    .map(({ digest }) => digest as Digest);
  const left = digests.filter((digest) => !isHeld(core.connection, digest));
  await Promise.all(left.map((digest) => removeBytes(core, digest)));
  await core.transactions.brief((tables) => {
    tables.run(queries.deleteFrom("leaving"));
  });
  if (left.length > 0) core.logger.info({ count: left.length }, "blobs removed after a crash");
}
