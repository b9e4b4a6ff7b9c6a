import { sql } from "kysely";
import type { NamespaceRow } from "../../../content/catalog.ts";
import type { Digest } from "../../../content/digest.ts";
import { isKind } from "../../../content/errors.ts";
import type { Store } from "../../../content/store.ts";
import type { Core } from "../core.ts";
import type { Connection } from "../database/connection.ts";
import { queries, withValues } from "../database/queries.ts";
import { walkImages } from "../images.ts";
import { labelsFromColumn } from "../labels-column.ts";
import { walkLeases } from "../leases.ts";
import type { CatalogReads, LeaseHoldings } from "../metadata.ts";
import type { Namespaces } from "../set.ts";
import type { ReaderThreads } from "../threads/pool.ts";
import { totalsByNamespace } from "../totals.ts";
import { parseDocument } from "./document.ts";
import { holdOf } from "./hold.ts";

/** A document of more bytes is read on a thread: some 100 µs. */
const quickBytes = 32 * 1024;

/** Each document of an image asks for it. */
const sizeOfBlob = queries
  .selectFrom("blob")
  .select("size")
  .where("namespace", "=", "")
  .where("digest", "=", "")
  .compile();

/** What stands outside the content, from the database; see CatalogReads. */
export function createCatalogReads(
  core: Pick<Core, "connection" | "writers" | "backends"> & { readonly below: Pick<Store, "readerAt"> },
  threads: Pick<ReaderThreads, "document" | "weigh">,
): CatalogReads {
  const { connection, below } = core;
  return {
    namespaces: (among = "*") => namespaceRows(connection, core.backends, among),
    async *images() {
      for (const namespace of namesOf(connection)) {
        for await (const image of walkImages(connection, namespace)) yield { namespace, image };
      }
    },
    async *leases(namespaces = "*") {
      for (const namespace of namespaces === "*" ? namesOf(connection) : namespaces) {
        for await (const lease of walkLeases(connection, namespace)) yield { namespace, lease };
      }
    },
    held: (namespace, id) => holdingsOf(connection, namespace, id),
    leasesOfIngest(namespace, ref) {
      const query = queries.selectFrom("lease_resource").select("lease").where("namespace", "=", namespace);
      return connection.all(query.where("type", "=", "ingests").where("id", "=", ref)).map(({ lease }) => lease);
    },
    sizeOf: (namespace, digest) => connection.first(withValues(sizeOfBlob, [namespace, digest]))?.size,
    bytesOf: (digest) => bytesOf(below, digest),
    async parse(bytes, kind) {
      return bytes.length <= quickBytes ? parseDocument(bytes, kind) : await threads.document({ bytes, kind });
    },
    weigh: (signal) => threads.weigh({ nowMs: Date.now() }, signal),
    hold: (namespace, digest, signal) => holdOf(core, namespace, digest, signal),
  };
}

function namesOf(connection: Connection): readonly string[] {
  return connection.all(queries.selectFrom("namespace").select("name").orderBy("name")).map(({ name }) => name);
}

function namespaceRows(
  connection: Connection,
  backends: ReadonlySet<string>,
  among: Namespaces,
): readonly NamespaceRow[] {
  const totals = totalsByNamespace(connection, among);
  const images = countsOf(connection, "image");
  const leases = countsOf(connection, "lease");
  const ingests = countsOf(connection, "ingest");
  const query = queries.selectFrom("namespace").selectAll().orderBy("name");
  const named = among === "*" ? query : query.where("name", "in", among);
  return connection.all(named).map(({ name, labels, collected }) => ({
    name,
    labels: labelsFromColumn(labels),
    blobs: totals.get(name)?.count ?? 0,
    bytes: totals.get(name)?.bytes ?? 0,
    onlyBytes: totals.get(name)?.onlyBytes ?? 0,
    images: images.get(name) ?? 0,
    leases: leases.get(name) ?? 0,
    ingests: ingests.get(name) ?? 0,
    collected: collected === 1 && !backends.has(name),
    untold: backends.has(name),
  }));
}

/** Rows of a table, by namespace. */
function countsOf(connection: Connection, table: "image" | "lease" | "ingest"): ReadonlyMap<string, number> {
  const query = queries
    .selectFrom(table)
    .select(["namespace", sql<number>`count(*)`.as("count")])
    .groupBy("namespace");
  return new Map(connection.all(query).map(({ namespace, count }) => [namespace, count]));
}

function holdingsOf(connection: Connection, namespace: string, id: string): LeaseHoldings {
  const held = queries.selectFrom("lease_resource").where("namespace", "=", namespace).where("lease", "=", id);
  const counts = held.select(["type", sql<number>`count(*)`.as("count")]).groupBy("type");
  const holdings = { blobs: 0, ingests: 0, images: 0, snapshots: 0 };
  for (const { type, count } of connection.all(counts)) {
    if (type === "content") holdings.blobs += count;
    else if (type === "ingests" || type === "images") holdings[type] += count;
    else holdings.snapshots += count;
  }
  const refs = connection.all(held.select("id").where("type", "=", "ingests")).map((row) => row.id);
  return { ...holdings, refs };
}

/** Whatever is wrong with the bytes is told where they are read for themselves. */
async function bytesOf(below: Pick<Store, "readerAt">, digest: Digest): Promise<Uint8Array | undefined> {
  try {
    const reader = await below.readerAt({ digest });
    try {
      return Buffer.concat(await copiesOf(reader.read(0)));
    } finally {
      await reader.close();
    }
  } catch (error) {
    if (isKind(error, "not-found") || isKind(error, "data-loss")) return undefined;
    throw error;
  }
}

/** A chunk is valid until the next one only. */
async function copiesOf(chunks: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const copies: Uint8Array[] = [];
  for await (const chunk of chunks) copies.push(Buffer.from(chunk));
  return copies;
}
