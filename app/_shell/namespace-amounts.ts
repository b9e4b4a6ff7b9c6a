import { followNamespaces } from "../../content/remote/catalog.ts";
import { serverTransport } from "../_live/server-transport.ts";
import { formatBytes, formatCounted } from "../_ui/format.ts";

/** Name of a namespace, and what it holds, in words. */
export type NamespaceAmounts = ReadonlyMap<string, string>;

/**
 * What each namespace of a store holds, such as `9 blobs · 25.8 MiB`.
 *
 * @param store empty: the server's default one
 * @returns none where the server does not tell
 */
export async function askAmounts(store: string, signal: AbortSignal): Promise<NamespaceAmounts> {
  const end = new AbortController();
  const amounts = new Map<string, string>();
  try {
    const events = followNamespaces(serverTransport(store), {}, AbortSignal.any([signal, end.signal]));
    for await (const event of events) {
      if (event.kind === "bookmark" && event.complete) break;
      if (event.kind !== "namespaces") continue;
      for (const { name, blobs, bytes } of event.namespaces) {
        amounts.set(name, `${formatCounted(blobs, "blob")} · ${formatBytes(bytes)}`);
      }
    }
  } catch {
    // Names can be chosen without their amounts, which not every server tells, and not to everybody.
  } finally {
    end.abort();
  }
  return amounts;
}
