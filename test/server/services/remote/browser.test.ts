import { createConnectTransport } from "@connectrpc/connect-web";
import { describeRemoteStore } from "./describe.ts";

describeRemoteStore({
  name: "Connect over HTTP/1.1, as a browser",
  connect: ({ url }) => createConnectTransport({ baseUrl: url, useBinaryFormat: true }),
  writer: "unary",
});
