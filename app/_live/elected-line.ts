import type { Hub } from "./hub.ts";
import { createHub } from "./hub.ts";
import type { FromHub, ToHub } from "./hub-messages.ts";
import { whileInSight } from "./in-sight.ts";
import type { Line, LineEnds } from "./line-ends.ts";
import { createServerLink } from "./server-link.ts";

/** What tabs say to each other. */
type ChannelMessage =
  | { readonly to: "hub"; readonly from: string; readonly message: ToHub }
  | { readonly to: "tab"; readonly tab: string; readonly message: FromHub }
  /** A hub was opened. */
  | { readonly to: "all" };

/** How a hub is made; the usual one has streams from the page's server. */
type OpenHub = () => Hub;

/**
 * The way to a hub that one of the tabs holds: the one with the lock, which only a tab in sight asks for. The next takes
 * over when that is closed or out of sight.
 *
 * @param name of the lock and the channel
 */
export function openElectedLine(
  ends: LineEnds,
  name: string,
  openHub: OpenHub = () => createHub(createServerLink()),
): Line {
  const channel = new BroadcastChannel(name);
  const self = crypto.randomUUID();
  const say = (message: ChannelMessage) => channel.postMessage(message);
  let lead: Lead | undefined;

  channel.onmessage = ({ data }: MessageEvent<ChannelMessage>) => {
    if (data.to === "hub") lead?.hear(data.from, data.message);
    else if (data.to === "all") ends.renewed();
    else if (data.tab === self) ends.hear(data.message);
  };
  whileInSight(() =>
    holdLock(name, () => {
      lead = createLead(openHub(), (tab, message) => {
        if (tab === self) ends.hear(message);
        else say({ to: "tab", tab, message });
      });
      say({ to: "all" });
      ends.renewed();
      return () => {
        lead?.close();
        lead = undefined;
      };
    }),
  );
  return (message) => {
    if (lead) lead.hear(self, message);
    else say({ to: "hub", from: self, message });
  };
}

/** The hub of all tabs, in the tab that holds it. */
interface Lead {
  hear(tab: string, message: ToHub): void;
  close(): void;
}

function createLead(hub: Hub, post: (tab: string, message: FromHub) => void): Lead {
  const tabs = new Map<string, Line>();
  return {
    hear(tab, message) {
      const line = tabs.get(tab) ?? hub.join((answer) => post(tab, answer));
      tabs.set(tab, line);
      line(message);
      if (message.kind === "bye") tabs.delete(tab);
    },
    close: hub.close,
  };
}

/** Asks for a lock. @param held is called once it is had. @returns a function that gives it back, or asks no longer */
function holdLock(name: string, held: () => () => void): () => void {
  const over = new AbortController();
  const { signal } = over;
  const until = () =>
    new Promise<void>((resolve) => {
      const release = held();
      const end = () => {
        release();
        resolve();
      };
      if (signal.aborted) end();
      else signal.addEventListener("abort", end);
    });
  navigator.locks.request(name, { signal }, until).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  return () => over.abort();
}
