import { createRouterTransport } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { getSession } from "../../../content/remote/session.ts";
import { listStores } from "../../../content/remote/stores.ts";
import { AccessService, Role, Session_How } from "../../../gen/stowage/v1/access_pb.js";
import { ServerService, StoreFacts_State } from "../../../gen/stowage/v1/server_pb.js";

test("stores are told with what is known of them, and without what is not", async () => {
  const transport = createRouterTransport(({ service }) => {
    service(ServerService, {
      listStores: () => ({
        stores: [
          { name: "local", plugin: "local", isDefault: true, allowsChanges: true, state: StoreFacts_State.LIVE },
          {
            name: "node-7",
            plugin: "containerd",
            target: "/run/c.sock",
            reason: "connection refused",
            state: StoreFacts_State.UNREACHABLE,
            lastContact: { seconds: 5n, nanos: 0 },
            latency: { seconds: 0n, nanos: 12_000_000 },
            polledEvery: { seconds: 2n, nanos: 0 },
            blobs: 0n,
            bytes: 7n,
          },
          { name: "later", state: 9 as StoreFacts_State },
        ],
      }),
    });
  });
  const [local, node, later] = (await listStores(transport)) ?? [];
  expect(local).toEqual({
    name: "local",
    plugin: "local",
    target: "",
    isDefault: true,
    allowsChanges: true,
    state: "live",
    reason: "",
    version: "",
  });
  expect(node).toMatchObject({
    state: "unreachable",
    reason: "connection refused",
    allowsChanges: false,
    lastContact: new Date(5000),
    latencyMs: 12,
    polledMs: 2000,
    blobs: 0,
    bytes: 7,
  });
  expect(later?.state).toBe("connecting");
});

test("a server from before there were several stores tells of none, and one without sign-in of nobody", async () => {
  const transport = createRouterTransport(() => undefined);
  expect(await listStores(transport)).toBeUndefined();
  expect(await getSession(transport)).toBeUndefined();
});

test("who calls is told with their role; one that is not known is the least", async () => {
  const sessions = [
    { name: "mei", role: Role.OPERATOR, stores: ["*"], namespaces: ["moby"], how: Session_How.TOKEN },
    { name: "x", role: 9 as Role, how: Session_How.SESSION },
    undefined,
  ];
  const transport = createRouterTransport(({ service }) => {
    service(AccessService, {
      getSession: () => {
        const session = sessions.shift();
        return { signIn: true, refusal: session ? "" : "this token expired", ...(session && { session }) };
      },
    });
  });
  expect((await getSession(transport))?.session).toMatchObject({
    name: "mei",
    role: "operator",
    stores: ["*"],
    namespaces: ["moby"],
    how: "token",
  });
  expect((await getSession(transport))?.session?.role).toBe("reader");
  expect(await getSession(transport)).toEqual({ isSignInNeeded: true, refusal: "this token expired" });
});
