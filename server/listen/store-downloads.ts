import type { Logger } from "pino";
import { seenStore } from "../policy/admit.ts";
import { withScope } from "../policy/identify.ts";
import type { ServedStore, StoreSet } from "../store-set/store-set.ts";
import type { Download } from "./attachment.ts";
import { createDownloads } from "./attachment.ts";
import { createDownload, downloadPath } from "./download.ts";
import { createExport, exportPath } from "./export/export.ts";

/** Files of all stores, by their paths: the parameter `store` names one, without it it is the default one's. */
export function createStoreDownloads(stores: StoreSet, logger: Logger): ReadonlyMap<string, Download> {
  const made = new Map(stores.all.map((store) => [store.name, downloadsOf(store, logger)]));
  const chosen = (path: string): Download =>
    createDownloads({
      logger,
      logged: { store: "store" },
      async answer(url, request, response, call) {
        const { searchParams: query } = url;
        const store = seenStore(call, query.get("store") ?? "", (name) => stores.find(name).name);
        const scoped = withScope({ ...call, store }, query.get("ns"), null);
        await made.get(store)?.get(path)?.(url, request, response, scoped);
      },
    });
  return new Map([downloadPath, exportPath].map((path) => [path, chosen(path)]));
}

function downloadsOf({ downloads, contents }: ServedStore, logger: Logger): ReadonlyMap<string, Download> {
  if (downloads !== undefined) return downloads;
  if (contents === undefined) return new Map();
  return new Map([
    [downloadPath, createDownload(contents, logger)],
    [exportPath, createExport(contents, logger)],
  ]);
}
