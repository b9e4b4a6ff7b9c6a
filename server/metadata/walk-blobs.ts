import { setImmediate as nextTurn } from "node:timers/promises";
import { throwIfCancelled } from "../../content/errors.ts";
import { blobAdaptor, compileFilters } from "../../content/filters.ts";
import type { Info } from "../../content/store.ts";
import type { BlobRow } from "../feed/change.ts";
import { readPage } from "./blob-pages.ts";
import type { Connection } from "./database/connection.ts";

/** Rows that are read in one turn of the event loop. */
const pageRows = 250;

/** The blobs of a namespace; see Store.walk. */
export async function* walkBlobs(
  connection: Connection,
  namespace: string,
  filters: readonly string[] = [],
  signal?: AbortSignal,
): AsyncGenerator<Info, void, undefined> {
  const passes = compileFilters(filters);
  let after: BlobRow | undefined;
  do {
    throwIfCancelled(signal);
    const rows = readPage(connection, [namespace], [], after, pageRows);
    for (const { info } of rows) {
      throwIfCancelled(signal);
      if (passes(blobAdaptor(info, namespace))) yield info;
    }
    after = rows.length < pageRows ? undefined : rows.at(-1);
    await nextTurn();
  } while (after !== undefined);
}
