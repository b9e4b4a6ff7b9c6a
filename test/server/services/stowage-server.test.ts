import { createClient, createRouterTransport } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { ServerService } from "../../../gen/stowage/v1/server_pb.js";
import { createStowageServer } from "../../../server/services/stowage-server.ts";
import type { ServedStore, StoreState } from "../../../server/store-set/store-set.ts";
import { createStoreSet } from "../../../server/store-set/store-set.ts";

test("what a store elsewhere says of itself without end is told in part", async () => {
  const state: StoreState = { state: "unreachable", reason: "x".repeat(1_000_000), version: "9".repeat(1_000_000) };
  const store: Partial<ServedStore> = {
    name: "node",
    plugin: "remote",
    target: "http://node",
    allowsChanges: false,
    state: () => state,
    look: () => undefined,
    totals: () => undefined,
  };
  const stores = createStoreSet([store as ServedStore]);
  const { register } = createStowageServer({ version: "1", listeners: () => [], stores });
  const client = createClient(
    ServerService,
    createRouterTransport((router) => void register(router)),
  );
  const [facts] = (await client.listStores({})).stores;
  expect([facts?.target, facts?.reason.length, facts?.version.length]).toEqual(["http://node", 500, 100]);
});
