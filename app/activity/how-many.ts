import type { EventsView } from "../_live/events.ts";
import { formatCount } from "../_ui/format.ts";

/** How many events match, as far as it is known: of a count that goes on, what was counted so far. @param text of the query */
export function howManyMatch({ rows, hasOlder, isComplete, total, whole }: EventsView, text: string): string {
  if (text === "" && whole !== undefined) return formatCount(Math.max(whole, rows.length));
  if (isComplete && !hasOlder) return formatCount(rows.length);
  if (total?.isExact) return formatCount(Math.max(total.total, rows.length));
  return `≥ ${formatCount(Math.max(total?.total ?? 0, rows.length))}`;
}
