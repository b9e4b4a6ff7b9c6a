import { builtinPlugins } from "../../../../server/plugins/builtin.ts";
import { grpcTransport } from "../../../support/grpc.ts";
import { describeRemoteStore } from "./describe.ts";

// One way has the files too.
describeRemoteStore({
  name: "gRPC over the socket",
  connect: ({ socket }) => grpcTransport(socket),
  plugins: builtinPlugins,
});
