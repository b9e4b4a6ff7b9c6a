import { isKind } from "../../content/errors.ts";
import type { Status, Store } from "../../content/store.ts";
import { now } from "../clock.ts";
import { findBlob, insertBlob } from "./blobs.ts";
import { noIntent, publicationOf } from "./commit.ts";
import type { Core } from "./core.ts";
import { dropBelow } from "./drop-ingest.ts";
import type { StoredIngest } from "./ingest-rows.ts";
import { adoptIngest, findIngest, findIngestById, removeIngest, updateIngest } from "./ingest-rows.ts";
import { storedIngests } from "./ingests.ts";
import { findLease, joinLease } from "./lease-rows.ts";
import { ensureNamespace } from "./namespaces.ts";
import { fromStoreRef, toStoreRef } from "./store-ref.ts";

/**
 * Bring the rows of ingests and the store below together after the server died, however it died. It reads the ingests of
 * both, and no list of blobs.
 *
 * - A commit that was under way, and whose bytes were published below, becomes the blob that it was to become.
 * - A row whose bytes are gone goes; one whose commit did not get that far stays an ingest.
 * - An ingest below that lost its row gets it back, as far as its ref tells; an older one of the same ref goes.
 */
export async function recoverIngests(core: Core): Promise<void> {
  for await (const row of storedIngests(core, "*")) await recoverRow(core, row);
  const found = await Array.fromAsync(core.below.listStatuses());
  for (const status of found) await recoverBelow(core, status);
}

async function recoverRow(core: Core, row: StoredIngest): Promise<void> {
  const { namespace, ref } = row;
  const publication = publicationOf(row);
  const isBelow = await exists(core.below.status(toStoreRef(row)));
  if (isBelow || row.offered !== null) {
    if (publication) await core.transactions.brief((tables) => updateIngest(tables, row.id, noIntent));
    return;
  }
  const published = publication !== undefined && (await exists(core.below.info(publication.digest)));
  await core.transactions.durable((tables, note) => {
    removeIngest(tables, row.id);
    if (!published) return;
    const at = now();
    const info = { ...publication, createdAt: at, updatedAt: at };
    if (findBlob(tables, namespace, info.digest) === undefined) insertBlob(tables, note, { namespace, info });
    const lease = row.intent_lease ?? undefined;
    if (lease !== undefined && findLease(tables, namespace, lease)) {
      joinLease(tables, note, { namespace, lease }, { type: "content", id: info.digest });
    }
  });
  if (published) core.logger.info({ namespace, ref, digest: publication.digest }, "commit finished after a crash");
}

async function recoverBelow(core: Core, status: Status): Promise<void> {
  const named = fromStoreRef(status.ref);
  if (named === undefined) {
    if (!isKnown(core, status.ref)) core.logger.warn({ ref: status.ref }, "ingest of an unknown writer");
    return;
  }
  const { id, namespace, ref } = named;
  if (findIngestById(core.connection, id) !== undefined) return;
  const known = findIngest(core.connection, namespace, ref);
  if (known !== undefined && known.id > id) return await core.below.abort(status.ref);
  await core.transactions.durable((tables, note) => {
    if (known !== undefined) removeIngest(tables, known.id);
    ensureNamespace(tables, note, namespace);
    adoptIngest(tables, id, namespace, ref, status.startedAt);
  });
  if (known !== undefined) await dropBelow(core, known);
  core.logger.info({ namespace, ref }, "ingest found again");
}

/** True for a short store ref, `NAMESPACE/ID`, of an ingest that has its row. */
function isKnown({ connection }: Core, storeRef: string): boolean {
  const row = findIngestById(connection, Number(storeRef.split("/")[1]));
  return row !== undefined && toStoreRef(row) === storeRef;
}

async function exists(found: ReturnType<Store["status"]> | ReturnType<Store["info"]>): Promise<boolean> {
  try {
    await found;
    return true;
  } catch (error) {
    if (!isKind(error, "not-found")) throw error;
    return false;
  }
}
