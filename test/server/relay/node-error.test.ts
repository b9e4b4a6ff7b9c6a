import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { ServerService } from "../../../gen/stowage/v1/server_pb.js";
import { nodeError } from "../../../server/relay/node-error.ts";

test.each(["1.1", "2"] as const)("why a node is away is told, and not where it is: HTTP/%s", async (httpVersion) => {
  // Nobody listens on the first port.
  const node = createConnectTransport({ baseUrl: "http://127.0.0.1:1", httpVersion });
  const thrown: unknown = await createClient(ServerService, node)
    .listStores({})
    .catch((error: unknown) => error);
  const error = nodeError("far", thrown);
  expect(error.message).toBe("store far does not answer: nobody listens there (connection refused)");
});
