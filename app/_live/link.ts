import { storeHere } from "./here.ts";
import type { HubClient } from "./hub-client.ts";
import { createHubClient } from "./hub-client.ts";
import type { Question, ToHub } from "./hub-messages.ts";
import { openLine } from "./line.ts";
import type { Line } from "./line-ends.ts";
import type { Link } from "./live-sets.ts";
import { isPaused, pauseStore } from "./pause.ts";

export { serverTransport } from "./server-transport.ts";

interface Connected {
  readonly client: HubClient;
  readonly line: Line;
}

let connected: Connected | undefined;
const reconnections = new EventTarget();

/** The hub of all tabs, from the first question on. A wait ends when the network is back, or the page in sight. */
function connect(): Connected {
  if (connected !== undefined) return connected;
  const post = (message: ToHub) => line(message);
  const client = createHubClient(post, () => void reconnections.dispatchEvent(new Event("reconnected")));
  const line = openLine({ hear: client.hear, renewed: client.reopen });
  window.addEventListener("online", retryNow);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && retryNow());
  window.addEventListener("pagehide", () => line({ kind: "bye" }));
  window.addEventListener("pageshow", ({ persisted }) => persisted && client.reopen());
  let isHeld = false;
  pauseStore.subscribe(() => {
    if (isPaused() === isHeld) return;
    isHeld = isPaused();
    client.hold(isHeld);
  });
  connected = { client, line };
  return connected;
}

/** Have a set of the page's store asked for that the page will follow once it is drawn, so that its rows are there by then. */
export function expectSet(question: Question): void {
  const store = storeHere();
  if (document.visibilityState === "visible") connect().client.expect({ ...question, ...(store && { store }) });
}

/** End every wait for the next try now. */
export function retryNow(): void {
  connected?.line({ kind: "retry" });
}

/** Calls whenever a connection that was lost is live again. @returns a function that ends it */
export function onReconnected(listener: () => void): () => void {
  reconnections.addEventListener("reconnected", listener);
  return () => reconnections.removeEventListener("reconnected", listener);
}

/** The live sets that all tabs share; of the page's store, where no other is named. */
export const pageLink: Link = {
  blobs: (asked, ...rest) => connect().client.blobs({ store: storeHere(), ...asked }, ...rest),
  ingests: (asked, ...rest) => connect().client.ingests({ store: storeHere(), ...asked }, ...rest),
  catalog: (of, asked, ...rest) => connect().client.catalog(of, { store: storeHere(), ...asked }, ...rest),
};

// A worker starts while the page is made ready, so that its first question need not wait for that.
if (typeof window !== "undefined") connect();
