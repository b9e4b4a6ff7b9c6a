import { followCatalog } from "./catalog-follow.ts";
import { createHub } from "./hub.ts";
import type { ToHub } from "./hub-messages.ts";
import { createServerLink } from "./server-link.ts";

// The script of a SharedWorker: one hub for all tabs.
const hub = createHub(createServerLink(followCatalog));

globalThis.addEventListener("connect", (event) => {
  const [port] = event instanceof MessageEvent ? event.ports : [];
  if (port === undefined) return;
  const hear = hub.join((message) => port.postMessage(message));
  // Where a browser tells that a tab is gone. Elsewhere its goodbye does, or its silence.
  port.addEventListener("close", () => hear({ kind: "bye" }));
  port.onmessage = ({ data }: MessageEvent<ToHub>) => hear(data);
});
