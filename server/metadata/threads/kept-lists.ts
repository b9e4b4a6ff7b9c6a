import { sql } from "kysely";
import { LRUCache } from "lru-cache";
import type { Connection } from "../database/connection.ts";
import type { Query } from "../database/queries.ts";
import { queries } from "../database/queries.ts";
import type { OrderedList } from "./ordered-list.ts";

/** Ids that are kept, of all lists together. */
const maxIds = 8_000_000;

/** How long a list stands for a store that changes, in milliseconds: a scroll bar that is dragged asks often. */
const staleMs = 5_000;

interface Kept {
  readonly list: OrderedList;
  /** SQLite's number of the state of the database. */
  readonly version: number;
  readonly builtAt: number;
}

/** Lists that were built lately. */
export interface KeptLists {
  /** The list of that name: as it was built, when nothing changed since or that was moments ago, else built anew. */
  get(view: Connection, name: string, build: () => OrderedList): OrderedList;
}

const dataVersion: Query<{ data_version: number }> = {
  compile: () => sql<{ data_version: number }>`PRAGMA data_version`.compile(queries),
};

/** No list is kept. */
export function createKeptLists(): KeptLists {
  const lists = new LRUCache<string, Kept>({ maxSize: maxIds, sizeCalculation: ({ list }) => list.ids.length + 1 });
  return {
    get(view, name, build) {
      const version = view.first(dataVersion)?.data_version ?? 0;
      const kept = lists.get(name);
      if (kept && (kept.version === version || performance.now() - kept.builtAt < staleMs)) return kept.list;
      const list = build();
      lists.set(name, { list, version, builtAt: performance.now() });
      return list;
    },
  };
}
