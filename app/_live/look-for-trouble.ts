import type { Transport } from "@connectrpc/connect";
import { ContentError } from "../../content/errors.ts";
import { troubleOf } from "../../content/remote/trouble.ts";
import { serverNow } from "./clock.ts";
import { whileInSight } from "./in-sight.ts";
import { onReconnected } from "./link.ts";
import { isPaused } from "./pause.ts";
import { serverTransport } from "./server-transport.ts";
import type { TroubleView } from "./trouble-view.ts";

/** Time between two looks, in milliseconds: a lease leaks after a day. */
const everyMs = 60_000;

/**
 * Look for trouble at once, each minute while the page is in sight, and whenever the connection comes back: one short call, and no
 * stream beside those of the page.
 *
 * @param namespaces names, or `["*"]`, of the store that the page shows now
 * @returns a function that ends it
 */
export function lookForTrouble(namespaces: readonly string[], seen: (view: TroubleView) => void): () => void {
  const transport = serverTransport();
  return whileInSight(() => {
    const over = new AbortController();
    const look = () => void lookOnce(transport, namespaces, seen, over.signal);
    look();
    const timer = setInterval(look, everyMs);
    const unlisten = onReconnected(look);
    return () => {
      over.abort();
      clearInterval(timer);
      unlisten();
    };
  });
}

/** A look that fails leaves what was seen, with its time. */
async function lookOnce(
  transport: Transport,
  namespaces: readonly string[],
  seen: (view: TroubleView) => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    const trouble = await troubleOf(transport, namespaces, signal);
    if (!signal.aborted && !isPaused()) seen({ ...trouble, lookedAt: new Date(serverNow()) });
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
  }
}
