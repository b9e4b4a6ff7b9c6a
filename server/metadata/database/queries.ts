import type { CompiledQuery } from "kysely";
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type { Schema } from "./schema.ts";

/**
 * Builds queries and runs none: Kysely runs them asynchronously, and what is read or written in one turn of the event
 * loop cannot be torn apart by another call. `Connection` runs what is compiled here.
 */
export const queries = createQueries<Schema>();

/** The same for a database with another schema. */
export function createQueries<Tables>(): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (kysely) => new SqliteIntrospector(kysely),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

/** A built query whose rows are known. */
export interface Query<Row> {
  compile(): CompiledQuery<Row>;
}

/**
 * The query with other values, for what is run too often to be built each time.
 *
 * @param built a query with a value for each of them
 * @param values in the order in which they stand in the query
 */
export function withValues<Row>(built: CompiledQuery<Row>, values: readonly unknown[]): Query<Row> {
  return { compile: () => ({ ...built, parameters: values }) };
}
