import type {
  ComparedSide,
  CompareEvent,
  CompareReport,
  CopyMissingProgress,
  CopyMissingRequest,
} from "../../../content/compare/report.ts";
import type { Digest } from "../../../content/digest.ts";
import { compareStores, copyMissing } from "../../../content/remote/compare.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import type { Labels, Store } from "../../../content/store.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import type { StoreSpec } from "../../../server/store-set/stack.ts";
import { localStorePlugin } from "../../../server/stores/local/plugin.ts";
import { memoryStorePlugin } from "../../../server/stores/memory/plugin.ts";
import { memoryStore, serveSeveral } from "../store-set/several.ts";

/** What a server is made of, over stores in memory. */
const plugins = builtinPlugins.map((plugin) => (plugin === (localStorePlugin as Plugin) ? memoryStorePlugin : plugin));

/** A server with a second store in memory, `second`. @param more further stores */
export async function serveSides(...more: readonly StoreSpec[]) {
  const hub = await serveSeveral([memoryStore("second"), ...more], { plugins });
  const { web, grpc } = hub;
  return {
    hub,
    web,
    /** A store of the hub. @param store empty: its own */
    in: (store: string, namespace: string): Store =>
      createRemoteStore(grpc, { namespace, ...(store !== "" && { store }) }),
    compare: (a: ComparedSide, b: ComparedSide) => reportOf(compareStores(web, a, b, new AbortController().signal)),
    copy: (request: CopyMissingRequest) => endOf(copyMissing(web, request, new AbortController().signal)),
  };
}

/** Such a server that has the store of another one as `far`. @param more config of that */
export async function serveWithNode(more: object = { allow_changes: true }) {
  const node = await serveSeveral([], { plugins });
  const config = { url: node.url, ...more };
  return { node, ...(await serveSides({ name: "far", plugin: remoteStorePlugin as unknown as Plugin, config })) };
}

/** All of a namespace of a store. */
export const side = (store: string, ...namespaces: readonly string[]): ComparedSide => ({ store, namespaces });

/** The report that a comparison ends with. */
export async function reportOf(events: AsyncIterable<CompareEvent>): Promise<CompareReport> {
  const last = (await Array.fromAsync(events)).at(-1);
  if (last?.kind !== "report") throw new Error("no report came");
  return last.report;
}

/** Where a copy stood at its end, with all that failed. */
export async function endOf(progress: AsyncIterable<CopyMissingProgress>): Promise<CopyMissingProgress> {
  const all = await Array.fromAsync(progress);
  const last = all.at(-1);
  if (last === undefined) throw new Error("no message came");
  return { ...last, failures: all.flatMap(({ failures }) => failures) };
}

/** Put a blob in, with labels. */
export async function putLabelled(store: Store, text: string, labels: Labels = {}): Promise<Digest> {
  await using writer = await store.writer({ ref: `put-${text.slice(0, 40)}` });
  await writer.write(new TextEncoder().encode(text));
  return await writer.commit({ labels });
}
