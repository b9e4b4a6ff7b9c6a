import type { EventsView } from "../_live/events.ts";
import { errorText } from "../_ui/error-text.ts";
import { join } from "../_ui/join.ts";
import styles from "./activity.module.css";

/** What the rows are, and whether they are all that match. */
export function Footer({ view }: { readonly view: EventsView }) {
  return (
    <>
      <span className={join(styles.words, styles.order)}>newest first</span>
      <span className={styles.words}>
        <span className="cut">{reach(view)}</span>
      </span>
    </>
  );
}

function reach({ isComplete, hasOlder, isFull, olderError }: EventsView): string {
  if (olderError !== undefined) return `older ones did not come: ${errorText(olderError)}`;
  if (!isComplete) return "loading";
  if (!hasOlder) return "complete";
  return isFull ? "older ones are not shown: narrow the query, or export" : "older ones come as you go down";
}
