import { sql } from "kysely";
import type { Connection } from "./database/connection.ts";
import { queries } from "./database/queries.ts";
import type { Namespaces, Totals } from "./metadata.ts";

/** The scope that stands for all namespaces; no namespace can be called so. */
const everything = "*";

/**
 * Keep the totals right after a blob came or went.
 *
 * @param blobs 1 or -1
 * @param bytes its size, negative when it went
 * @param alone no other namespace holds it
 */
export function addToTotals(
  connection: Connection,
  namespace: string,
  blobs: number,
  bytes: number,
  alone: boolean,
): void {
  add(connection, namespace, blobs, bytes);
  add(connection, everything, blobs, alone ? bytes : 0);
}

function add(connection: Connection, scope: string, blobs: number, bytes: number): void {
  connection.run(
    queries
      .insertInto("total")
      .values({ scope, blobs, bytes })
      .onConflict((conflict) =>
        conflict.column("scope").doUpdateSet({
          blobs: (eb) => eb("total.blobs", "+", eb.ref("excluded.blobs")),
          bytes: (eb) => eb("total.bytes", "+", eb.ref("excluded.bytes")),
        }),
      ),
  );
}

/** Forget the totals of a namespace that is gone. */
export function dropTotals(connection: Connection, namespace: string): void {
  connection.run(queries.deleteFrom("total").where("scope", "=", namespace));
}

/** Rows of some namespaces, and their bytes, each digest once. */
export function readTotals(connection: Connection, namespaces: Namespaces): Totals {
  if (namespaces === "*") return sumOf(connection, [everything]);
  const sum = sumOf(connection, namespaces);
  return namespaces.length < 2 ? sum : { ...sum, bytes: sum.bytes - sharedBytes(connection, namespaces) };
}

function sumOf(connection: Connection, scopes: readonly string[]): Totals {
  const query = queries
    .selectFrom("total")
    .select(({ fn }) => [fn.sum<number | null>("blobs").as("count"), fn.sum<number | null>("bytes").as("bytes")])
    .where("scope", "in", scopes);
  const sum = connection.first(query);
  return { count: sum?.count ?? 0, bytes: sum?.bytes ?? 0 };
}

/** What a sum over the namespaces counts too often. */
function sharedBytes(connection: Connection, namespaces: readonly string[]): number {
  const shared = queries
    .selectFrom("blob")
    .select([sql<number>`max(size) * (count(*) - 1)`.as("bytes")])
    .where("namespace", "in", namespaces)
    .groupBy("digest")
    .having(sql`count(*)`, ">", 1);
  const query = queries.selectFrom(shared.as("shared")).select(({ fn }) => fn.sum<number | null>("bytes").as("bytes"));
  return connection.first(query)?.bytes ?? 0;
}
