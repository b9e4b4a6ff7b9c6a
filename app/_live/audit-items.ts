import type { AuditEvent } from "../../content/audit.ts";
import type { AuditStreamEvent } from "../../content/remote/audit.ts";
import type { CatalogEvent } from "./catalog-events.ts";

/** Events that whoever joins late is told: as many as a stream begins with. */
const windowEvents = 1000;

/** The key of an event. */
export function eventKey({ id }: AuditEvent): string {
  return String(id);
}

/** What was done, as any set that comes beside the blobs: what falls out of the window is gone from it. */
export async function* auditItems(
  events: AsyncIterable<AuditStreamEvent>,
): AsyncGenerator<CatalogEvent, void, undefined> {
  let window: string[] = [];
  let isComplete = false;
  for await (const event of events) {
    if (event.kind === "begin") [window, isComplete] = [[], false];
    if (event.kind === "bookmark") isComplete ||= event.complete;
    if (event.kind === "kept") yield { kind: "items", items: [{ of: "kept", key: "kept", row: event.kept }] };
    else if (event.kind === "events") {
      yield { kind: "items", items: event.events.map((row) => ({ of: "events", key: eventKey(row), row })) };
      // The set comes newest first, and what comes later oldest first.
      const keys = event.events.map(eventKey);
      window = isComplete ? [...keys.toReversed(), ...window] : [...window, ...keys];
      for (const key of window.splice(windowEvents)) yield { kind: "gone", key };
    } else yield event;
  }
}
