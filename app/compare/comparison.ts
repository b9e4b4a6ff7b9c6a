import type { ComparedSide, CompareReport } from "../../content/compare/report.ts";
import type { CompareTotals } from "../../content/compare.ts";
import { ContentError, isKind } from "../../content/errors.ts";
import { compareStores } from "../../content/remote/compare.ts";
import { serverTransport } from "../_live/server-transport.ts";
import type { Store } from "../_live/store.ts";
import { createStore } from "../_live/store.ts";
import { announce } from "../_ui/announcer.tsx";
import { formatCounted } from "../_ui/format.ts";
import { sideToText } from "./sides.ts";

/** What is compared, and what is known of it. */
export interface ComparisonView {
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  /** So far, or in all once the report is there; absent until the server told. */
  readonly totals?: CompareTotals;
  /** Absent until all is counted. */
  readonly report?: CompareReport;
  /** Why it ended without a report; absent: it did not. */
  readonly error?: unknown;
}

const store = createStore<ComparisonView | undefined>(undefined);

/** The one comparison of this tab. A report stays when another page is shown, and is there again when people come back. */
export const comparisonStore: Store<ComparisonView | undefined> = store;

let current: AbortController | undefined;
let isLookedAt = false;

/** Show what two sides have of each other: the report that is here, or a new one. */
export function showComparison(a: ComparedSide, b: ComparedSide): void {
  isLookedAt = true;
  const shown = store.get();
  const isThis = shown !== undefined && keyOf(shown) === keyOf({ a, b });
  if (isThis && shown.error === undefined && (shown.report !== undefined || current !== undefined)) return;
  begin({ a, b });
}

/** Compare the same sides anew: a report says how it was. Where nobody looks, that is done once somebody does. */
export function compareAgain(): void {
  const shown = store.get();
  if (shown !== undefined && isLookedAt) begin({ a: shown.a, b: shown.b });
  else store.set(undefined);
}

/** End what is under way, and say so. */
export function stopComparison(): void {
  const shown = store.get();
  if (shown === undefined || current === undefined) return;
  current.abort();
  current = undefined;
  store.set({ ...shown, error: new ContentError("cancelled", "the comparison was stopped") });
}

/** Nobody looks any more: what is under way ends, and what was found stays. */
export function leaveComparison(): void {
  isLookedAt = false;
  current?.abort();
  current = undefined;
}

function begin(view: Pick<ComparisonView, "a" | "b">): void {
  current?.abort();
  const end = new AbortController();
  current = end;
  store.set(view);
  void run(view, end);
}

async function run(view: Pick<ComparisonView, "a" | "b">, end: AbortController): Promise<void> {
  try {
    for await (const event of compareStores(serverTransport(""), view.a, view.b, end.signal)) {
      if (end.signal.aborted) return;
      if (event.kind === "progress") store.set({ ...view, totals: event.totals });
      else tell({ ...view, totals: event.report.totals, report: event.report });
    }
  } catch (error) {
    if (!end.signal.aborted && !isKind(error, "cancelled")) store.set({ ...view, error });
  } finally {
    if (current === end) current = undefined;
  }
}

function tell(view: ComparisonView & { readonly report: CompareReport }): void {
  store.set(view);
  const { totals } = view.report;
  const words = (["only-a", "both", "only-b"] as const).map((part) => formatCounted(totals[part].blobs, "blob"));
  announce(`Compared: ${words[0]} only in A, ${words[1]} in both, ${words[2]} only in B`);
}

function keyOf({ a, b }: Pick<ComparisonView, "a" | "b">): string {
  return `${sideToText(a)} ${sideToText(b)}`;
}
