import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { LRUCache } from "lru-cache";
import type { Query } from "./queries.ts";

/** Statements that are kept prepared. */
const maxPrepared = 200;

/** Runs queries on one database connection, at once and in this turn of the event loop. */
export interface Connection extends Disposable {
  /** Run plain SQL that has no values and no rows. */
  exec(sql: string): void;
  /** Run a query that has no rows. @returns how many rows it changed */
  run(query: Query<unknown>): number;
  /** @returns the first row; absent when there is none */
  first<Row>(query: Query<Row>): Row | undefined;
  all<Row>(query: Query<Row>): readonly Row[];
  /** Rows as arrays of their values, in the order of the query's columns, one by one: for more than fit in memory. */
  stream(query: Query<unknown>): Iterable<readonly SQLOutputValue[]>;
  /** Rows as such arrays, all at once. */
  arrays(query: Query<unknown>): readonly (readonly SQLOutputValue[])[];
  /** The first row as such an array, of a query that is prepared once and whose values are given each time; or absent. */
  lookup(query: Query<unknown>): (...values: readonly SQLInputValue[]) => readonly SQLOutputValue[] | undefined;
}

/** Takes over an open database: disposing of the connection closes it. */
export function createConnection(database: DatabaseSync): Connection {
  const prepared = new LRUCache<string, StatementSync>({ max: maxPrepared });

  function prepare(sql: string): StatementSync {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  }

  function bind(query: Query<unknown>): [StatementSync, SQLInputValue[]] {
    const { sql, parameters } = query.compile();
    return [prepare(sql), parameters as SQLInputValue[]];
  }

  return {
    exec: (sql) => database.exec(sql),
    run(query) {
      const [statement, values] = bind(query);
      return Number(statement.run(...values).changes);
    },
    first<Row>(query: Query<Row>) {
      const [statement, values] = bind(query);
      return statement.get(...values) as Row | undefined;
    },
    all<Row>(query: Query<Row>) {
      const [statement, values] = bind(query);
      return statement.all(...values) as unknown[] as readonly Row[];
    },
    stream(query) {
      const { sql, parameters } = query.compile();
      // A statement of its own: a prepared one may be asked for again before this one is done.
      const statement = database.prepare(sql);
      statement.setReturnArrays(true);
      return statement.iterate(...(parameters as SQLInputValue[])) as Iterable<unknown> as Iterable<SQLOutputValue[]>;
    },
    arrays(query) {
      const [statement, values] = bind(query);
      statement.setReturnArrays(true);
      try {
        return statement.all(...values) as unknown[] as SQLOutputValue[][];
      } finally {
        statement.setReturnArrays(false);
      }
    },
    lookup(query) {
      const statement = database.prepare(query.compile().sql);
      statement.setReturnArrays(true);
      return (...values) => statement.get(...values) as unknown as SQLOutputValue[] | undefined;
    },
    [Symbol.dispose]() {
      prepared.clear();
      if (database.isOpen) database.close();
    },
  };
}
