import { setImmediate as nextTurn } from "node:timers/promises";
import { now } from "../clock.ts";
import type { IngestRow } from "../feed/change.ts";
import type { Core } from "./core.ts";
import { dropIngest } from "./drop-ingest.ts";
import type { StoredIngest } from "./ingest-rows.ts";
import { expiredIngests, findIngestById, pageIngests, unleasedIngests } from "./ingest-rows.ts";
import { describeIngest } from "./ingest-status.ts";
import type { Namespaces } from "./set.ts";

/** Rows that are read in one turn of the event loop. */
const pageRows = 250;

/** Ingests as they are now, in the order of namespace and ref; those that end meanwhile are left out. */
export async function* walkIngests(core: Core, namespaces: Namespaces): AsyncGenerator<IngestRow, void, undefined> {
  for await (const row of storedIngests(core, namespaces)) {
    const described = await describeIngest(core, row);
    if (findIngestById(core.connection, row.id) !== undefined) yield described;
  }
}

/** Drop the ingests of a namespace that nobody writes. */
export async function dropIdleIngests(core: Core, namespace: string): Promise<void> {
  for await (const row of storedIngests(core, [namespace])) {
    if (core.writers.get(row.id) === undefined) await dropIngest(core, row, { outcome: "aborted", by: "" });
  }
}

/** Drop the ingests that nobody went on with in their time. */
export async function dropExpiredIngests(core: Core): Promise<void> {
  for (const row of expiredIngests(core.connection, now().micros)) {
    if (core.backends.has(row.namespace) || core.writers.get(row.id) !== undefined) continue;
    core.logger.info({ namespace: row.namespace, ref: row.ref }, "ingest expired");
    await dropIngest(core, row, { outcome: "expired", by: "" });
  }
}

/** Drop the ingests of a namespace whose lease is gone, but for those that somebody writes. @returns how many */
export async function dropUnleasedIngests(core: Core, namespace: string): Promise<number> {
  let dropped = 0;
  for (const row of unleasedIngests(core.connection, namespace)) {
    if (core.writers.get(row.id) !== undefined) continue;
    core.logger.info({ namespace, ref: row.ref, reason: "its lease is gone" }, "ingest collected");
    if (await dropIngest(core, row, { outcome: "expired", by: "" })) dropped += 1;
  }
  return dropped;
}

/** Every row, a page at a time. */
export async function* storedIngests(
  { connection }: Pick<Core, "connection">,
  namespaces: Namespaces,
): AsyncGenerator<StoredIngest, void, undefined> {
  let after: StoredIngest | undefined;
  do {
    const rows = pageIngests(connection, namespaces, after, pageRows);
    yield* rows;
    after = rows.length < pageRows ? undefined : rows.at(-1);
    if (after !== undefined) await nextTurn();
  } while (after !== undefined);
}
