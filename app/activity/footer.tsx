import type { EventsView } from "../_live/events.ts";
import { errorText } from "../_ui/error-text.ts";
import styles from "./activity.module.css";

/** What the rows are, and whether they are all that match. */
export function Footer({ view }: { readonly view: EventsView }) {
  const said = ["newest first", reach(view)];
  return said.map((words) => (
    <span key={words} className={styles.words}>
      <span className="cut">{words}</span>
    </span>
  ));
}

function reach({ isComplete, hasOlder, isFull, olderError }: EventsView): string {
  if (olderError !== undefined) return `older ones did not come: ${errorText(olderError)}`;
  if (!isComplete) return "loading";
  if (!hasOlder) return "complete";
  return isFull ? "there are older ones: ask for fewer, or export" : "older ones come as you go down";
}
