import type { NamespaceRow } from "../../content/catalog.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { Namespaces } from "../metadata/set.ts";
import type { RowSource } from "./row-source.ts";
import { createListeners, rowKey } from "./row-source.ts";
import type { CatalogTiming } from "./timing.ts";

/**
 * Every namespace of some, with what is in it, as if there were no others. It is counted anew, in a few short queries, at most once an interval, and only after
 * something happened.
 */
export function openNamespaceSource(
  metadata: Pick<Metadata, "feed" | "catalog">,
  { intervalMs }: Pick<CatalogTiming, "intervalMs">,
  among: Namespaces = "*",
): RowSource<NamespaceRow> {
  const { tell, listen } = createListeners();
  let rows: ReadonlyMap<string, NamespaceRow> = new Map();
  let texts: ReadonlyMap<string, string> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let countedAt = Number.NEGATIVE_INFINITY;

  function count(): void {
    timer = undefined;
    countedAt = performance.now();
    const before = texts;
    rows = new Map(metadata.catalog.namespaces(among).map((row) => [rowKey(row.name, ""), row]));
    texts = new Map([...rows].map(([key, row]) => [key, JSON.stringify(row)]));
    for (const [key, text] of texts) if (before.get(key) !== text) tell(key);
    for (const key of before.keys()) if (!texts.has(key)) tell(key);
  }

  // What cannot be counted is followed by nobody.
  count();
  const stop = metadata.feed.listen((change) => {
    // Bytes that arrive in an ingest change no count.
    if (change.kind === "ingest" && change.before !== undefined && change.after !== undefined) return;
    timer ??= setTimeout(count, Math.max(0, countedAt + intervalMs - performance.now()));
  });
  return {
    ready: Promise.resolve(),
    keys: () => rows.keys(),
    get: (key) => rows.get(key),
    listen,
    [Symbol.dispose]() {
      stop();
      clearTimeout(timer);
    },
  };
}
