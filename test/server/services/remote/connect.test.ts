import { createConnectTransport } from "@connectrpc/connect-node";
import { describeRemoteStore } from "./describe.ts";

describeRemoteStore({
  name: "Connect over HTTP/2",
  connect: ({ url }) => createConnectTransport({ baseUrl: url, httpVersion: "2" }),
});
