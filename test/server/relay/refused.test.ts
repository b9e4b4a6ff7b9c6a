import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect, onTestFinished, test, vi } from "vitest";
import { ServerService } from "../../../gen/stowage/v1/server_pb.js";
import { watchNode } from "../../../server/relay/node-health.ts";

test("a node that does not know the token is asked with it once a minute, and at once with another", async () => {
  let asked = 0;
  let token = "old";
  const node = createRouterTransport(({ service }) =>
    service(ServerService, {
      getServer: () => ({ version: "1" }),
      listStores: () => {
        asked += 1;
        if (token === "old") throw new ConnectError("This token is not known here.", Code.Unauthenticated);
        return { stores: [{ name: "local", isDefault: true }] };
      },
    }),
  );
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  using health = watchNode(node, { store: "", id: "one", credentials: () => ({ authorization: token }) });
  const watch = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      health.look();
      await vi.advanceTimersByTimeAsync(1_000);
    }
  };
  await watch(50);
  expect(health.state).toMatchObject({ state: "unreachable", reason: "it refuses: This token is not known here." });
  expect(asked).toBe(1);
  await watch(30);
  expect(asked).toBe(2);
  token = "new";
  await watch(10);
  expect(health.state.state).not.toBe("unreachable");
});
