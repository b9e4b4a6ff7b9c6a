import type { IngestEvent } from "../../content/remote/events.ts";
import type { Link } from "./live-sets.ts";

/** So many values a second of each row at most: the more rows there are the fewer, so that no page is flooded. */
const spacings = [
  { above: 1_000, everyMs: 1_000 },
  { above: 500, everyMs: 500 },
  { above: 0, everyMs: 250 },
] as const;

/** A set that is smaller by so much than what a spacing is for gets the narrower one back. */
const slack = 0.8;

/** Least milliseconds between two values of a row in a set of so many. @param before what holds until now */
export function spacingOf(count: number, before: number): number {
  const wanted = everyMsOf(count);
  return wanted < before ? everyMsOf(count / slack) : wanted;
}

function everyMsOf(count: number): number {
  return spacings.find(({ above }) => count > above)?.everyMs ?? spacings[2].everyMs;
}

/** The ingests of a question, asked again with another spacing once they are many more or fewer. */
export async function* spacedIngests(
  link: Link,
  question: Parameters<Link["ingests"]>[0],
  signal: AbortSignal,
): AsyncGenerator<IngestEvent, void, undefined> {
  let minIntervalMs = spacingOf(0, 0);
  while (!signal.aborted) {
    const other = new AbortController();
    const before = minIntervalMs;
    const asked = { ...question, minIntervalMs };
    for await (const event of link.ingests(asked, AbortSignal.any([signal, other.signal]))) {
      yield event;
      if (event.kind === "bookmark" && event.complete) minIntervalMs = spacingOf(event.count, before);
      if (minIntervalMs !== before) break;
    }
    other.abort();
    if (minIntervalMs === before) return;
  }
}
