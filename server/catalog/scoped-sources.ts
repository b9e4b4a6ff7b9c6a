import type { Namespaces } from "../metadata/metadata.ts";
import type { RowSource } from "./row-source.ts";
import type { JoinedSource, SharedSource } from "./shared-source.ts";
import { createSharedSource } from "./shared-source.ts";

/**
 * Sources of which each tells of some namespaces as if there were no others, shared by all who may see the same ones. Most callers
 * may see every one; of those who may not, each set costs what its own rows cost.
 */
export interface ScopedSources<Row> extends Disposable {
  /** Follow what is in these namespaces. @param among absent: all */
  join(among?: Namespaces): JoinedSource<Row>;
}

/** @param lingerMs as createSharedSource */
export function createScopedSources<Row>(
  open: (among: Namespaces) => RowSource<Row>,
  lingerMs: number,
): ScopedSources<Row> {
  /** By their namespaces; those of which nobody follows anything any more stay, and are empty. */
  const sources = new Map<string, SharedSource<Row>>();
  return {
    join(among = "*") {
      const key = among === "*" ? among : among.toSorted().join(" ");
      const known = sources.get(key) ?? createSharedSource(() => open(among), lingerMs);
      sources.set(key, known);
      return known.join();
    },
    [Symbol.dispose]() {
      for (const source of sources.values()) source[Symbol.dispose]();
    },
  };
}
