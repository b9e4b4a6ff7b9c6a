import { createRouterTransport } from "@connectrpc/connect";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { createPolicy } from "../../../server/policy/interceptor.ts";
import { createContentService } from "../../../server/services/content.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { describeStore } from "../../suite/store-suite.ts";
import { scanOf } from "../../support/scan-of.ts";

/** A client of a service that has a bare store behind it, without metadata between. */
async function open() {
  const store = createMemoryStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  const service = createContentService({ in: () => store, scan: scanOf(store) });
  const { interceptor } = createPolicy(pino({ level: "silent" }));
  const transport = createRouterTransport((router) => service.register(router), {
    router: { interceptors: [interceptor] },
  });
  return createRemoteStore(transport, { namespace: "any" });
}

describeStore("a remote store over a bare one", open, { labels: false });
