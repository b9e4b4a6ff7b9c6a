import { createGrpcTransport } from "@connectrpc/connect-node";
import { describeRemoteStore } from "./describe.ts";

describeRemoteStore({ name: "gRPC over the port", connect: ({ url }) => createGrpcTransport({ baseUrl: url }) });
