import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { describeRemoteStore } from "./describe.ts";

describeRemoteStore({
  name: "gRPC-Web over the port",
  connect: ({ url }) => createGrpcWebTransport({ baseUrl: url, httpVersion: "2" }),
});
