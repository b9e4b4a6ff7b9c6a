import type { Ingest } from "../../content/remote/events.ts";
import type { IngestsView } from "../_live/ingests.ts";
import { ingestKey } from "../_live/keys.ts";
import { namingQuery } from "../_query/naming.ts";
import { createChoiceStore } from "../_ui/list/choice-store.ts";
import type { Outside } from "../_ui/list/chosen.ts";
import type { ChoiceKind } from "../_ui/list/use-chosen.ts";
import { nameOfIngest } from "./abort.ts";
import type { IngestQuery } from "./ingest-query.ts";
import type { Line } from "./line.ts";

/** The ingests that are chosen, each as it was then; they stay while queries and orders change. */
export const chosenIngests = createChoiceStore<Ingest, IngestQuery>();

/** The lines of the page as a choice. */
export const ingestChoice: ChoiceKind<Line, Ingest, IngestQuery> = {
  store: chosenIngests,
  keyOf: ({ namespace, status }) => ingestKey(namespace, status.ref),
  itemOf: (line) => (line.kind === "ingest" ? line.row.row : undefined),
  isGone: (line) => line.kind !== "ingest" || line.row.goneAt !== undefined,
};

/** Bytes that ingests have so far. */
export function bytesOfIngests(ingests: readonly Ingest[]): number {
  return ingests.reduce((sum, { status }) => sum + status.offset, 0);
}

/** What is chosen: the ingests as they are now, and those that are gone. */
export interface ChosenNow {
  readonly open: readonly Ingest[];
  readonly gone: number;
}

/** What of a choice is still there. Another ingest under the ref of a chosen one was not chosen. */
export function chosenNow(
  chosen: readonly Ingest[],
  { rows, isComplete }: Pick<IngestsView, "rows" | "isComplete">,
): ChosenNow {
  if (!isComplete || chosen.length === 0) return { open: chosen, gone: 0 };
  const alive = new Map(rows.filter(({ goneAt }) => goneAt === undefined).map(({ row }) => [nameOfIngest(row), row]));
  const open = chosen.flatMap((ingest) => alive.get(nameOfIngest(ingest)) ?? []);
  return { open, gone: chosen.length - open.length };
}

/** Chosen ingests that a query leaves out. @param nowMs as matchingOf has it */
export function outsideOf(chosen: readonly Ingest[], { testAt, selection }: IngestQuery, nowMs: number): Outside {
  const { namespaces = [] } = selection;
  const meets = testAt(nowMs);
  const isIn = (namespace: string) => namespaces.includes("*") || namespaces.includes(namespace);
  const left = chosen.filter((ingest) => !isIn(ingest.namespace) || !meets(ingest));
  const refs = left.map(({ status }) => status.ref);
  return { count: left.length, query: namingQuery("ref", refs) };
}
