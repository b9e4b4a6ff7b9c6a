import { ContentError } from "../../content/errors.ts";
import type { Namespaces } from "../metadata/set.ts";
import type { RowSource } from "./row-source.ts";
import type { JoinedSource, SharedSource } from "./shared-source.ts";
import { createSharedSource } from "./shared-source.ts";

/**
 * Sources of which each tells of some namespaces as if there were no others, shared by all who may see the same ones. Most callers
 * may see every one; of those who may not, each set costs what its own rows cost.
 */
export interface ScopedSources<Row> extends Disposable {
  /** Follow what is in these namespaces. @param among absent: all @throws `resource-exhausted` for one set too many */
  join(among?: Namespaces): JoinedSource<Row>;
}

/** Sets of namespaces that are followed at once, beside all: each holds its rows once more. */
const mostSets = 64;

/** @param lingerMs as createSharedSource @param most absent: as many as a server lets be followed */
export function createScopedSources<Row>(
  open: (among: Namespaces) => RowSource<Row>,
  lingerMs: number,
  most: number = mostSets,
): ScopedSources<Row> {
  const all = createSharedSource(() => open("*"), lingerMs);
  /** By their namespaces; those of which nobody follows anything any more stay, until another one needs their place. */
  const sources = new Map<string, SharedSource<Row>>();

  /** @throws `resource-exhausted` */
  function makeRoom(): void {
    if (sources.size < most) return;
    for (const [key, source] of sources) {
      if (source.isFollowed) continue;
      source[Symbol.dispose]();
      sources.delete(key);
      return;
    }
    const text = `more than ${most} sets of namespaces are followed at once; try again later`;
    throw new ContentError("resource-exhausted", text);
  }

  function sourceOf(among: readonly string[]): SharedSource<Row> {
    const key = among.toSorted().join(" ");
    const known = sources.get(key);
    if (known !== undefined) return known;
    makeRoom();
    const source = createSharedSource(() => open(among), lingerMs);
    sources.set(key, source);
    return source;
  }

  return {
    join: (among = "*") => (among === "*" ? all : sourceOf(among)).join(),
    [Symbol.dispose]() {
      for (const source of [all, ...sources.values()]) source[Symbol.dispose]();
    },
  };
}
