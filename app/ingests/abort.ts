import { isKind } from "../../content/errors.ts";
import type { EndedIngest, Ingest } from "../../content/remote/events.ts";
import type { Status } from "../../content/store.ts";
import { hereStore } from "../_live/here.ts";
import type { IngestsView } from "../_live/ingests.ts";
import { ingestKey } from "../_live/keys.ts";
import { contentOf } from "../_live/live.ts";
import { createStore } from "../_live/store.ts";

/** Names of the ingests whose end this page asked for. */
export const askedAborts = createStore<ReadonlySet<string>>(new Set());
hereStore.subscribe(() => askedAborts.set(new Set()));

/** An ingest of its own: another one under the same ref has another name. */
export function nameOfIngest({ namespace, status: { ref, startedAt } }: Ingest): string {
  return `${ingestKey(namespace, ref)} ${startedAt.getTime()}`;
}

/** The name of one that ended. */
export function nameOfEnded({ namespace, ref, startedAt }: EndedIngest): string {
  return `${ingestKey(namespace, ref)} ${startedAt.getTime()}`;
}

/** What is looked at again before an ingest is ended. */
export interface AbortChecks {
  /** It has to be the one that was seen. */
  readonly isSame: boolean;
  /** And no byte may have come since. */
  readonly isStill: boolean;
}

/**
 * Asks the server to drop an ingest. Only its stream says that it happened.
 *
 * @returns `already`: it had ended, or is not as it was seen, and is left alone
 * @throws what the server refuses
 */
export async function abortIngest(
  ingest: Ingest,
  { isSame, isStill }: AbortChecks,
  signal?: AbortSignal,
): Promise<"done" | "already"> {
  const { namespace, status } = ingest;
  const store = contentOf(namespace);
  const name = nameOfIngest(ingest);
  try {
    if ((isSame || isStill) && !isAsSeen(status, await store.status(status.ref, signal), isStill)) return "already";
    noteAsked(name, true);
    await store.abort(status.ref);
    return "done";
  } catch (error) {
    if (isKind(error, "not-found")) return "already";
    noteAsked(name, false);
    throw error;
  }
}

function isAsSeen(seen: Status, now: Status, isStill: boolean): boolean {
  return now.startedAt.getTime() === seen.startedAt.getTime() && (!isStill || now.offset === seen.offset);
}

function noteAsked(name: string, isAsked: boolean): void {
  const names = new Set(askedAborts.get());
  if (isAsked) names.add(name);
  else names.delete(name);
  askedAborts.set(names);
}

/** How ingests ended, as far as the page was told, by their names. */
export function endsByName({ rows, ended }: IngestsView): ReadonlyMap<string, EndedIngest> {
  const going = rows.flatMap(({ end }) => end ?? []);
  return new Map([...ended.map((row) => row.ended), ...going].map((end) => [nameOfEnded(end), end]));
}
