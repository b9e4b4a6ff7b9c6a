import type { AuditSelection } from "../../content/remote/audit.ts";
import { createLiveEvents } from "../_live/events.ts";
import { pageLink, serverTransport } from "../_live/link.ts";
import { patiently } from "../_ui/popups/patiently.ts";

/** What only older events need. */
const load = patiently(() => import("../../content/remote/audit.ts"));

/** What was done, in every store: the audit is the server's. */
export const liveEvents = createLiveEvents(pageLink, async (selection, before, size, signal) => {
  const { getAuditPage } = await load();
  return await getAuditPage(serverTransport(""), { selection, before, size }, signal);
});

/** How many events of a selection there are, or at least are. */
export async function countEvents(selection: AuditSelection, signal: AbortSignal): Promise<number> {
  const { getAuditPage } = await load();
  return (await getAuditPage(serverTransport(""), { selection, size: 1 }, signal)).total;
}

/** One event; absent: there is none. */
export async function loadEvent(key: string) {
  const id = /^\d{1,15}$/.test(key) ? Number(key) : 0;
  const { getAuditPage } = await load();
  const { events } = await getAuditPage(serverTransport(""), { selection: {}, before: id + 1, size: 1 });
  const [row] = events;
  return row?.id === id ? { key, row } : undefined;
}
