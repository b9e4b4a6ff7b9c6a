import type { DescService, Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { ConnectRouter, MethodImplSpec } from "@connectrpc/connect";
import { createMethodImplSpec, createServiceImplSpec } from "@connectrpc/connect";
import { createMethodSerializationLookup } from "@connectrpc/connect/protocol";
import type { Service } from "../../plugins/service.ts";
import { limits } from "../limits.ts";
import type { Frame } from "./frame.ts";
import { frameOf, frameOfRead } from "./frame.ts";

/** What is answered here: a stream of requests with one answer is not. */
type Spec = Exclude<MethodImplSpec, { kind: "client_streaming" }>;

/** A method as its service registers it, and how its messages are on the wire. */
export interface GrpcMethod {
  readonly spec: Spec;
  /** @throws ConnectError for bytes that are no request */
  parse(bytes: Uint8Array): Message;
  /** @throws ConnectError for an answer above the limit */
  frame(answer: Parameters<typeof create>[1]): Frame;
}

/**
 * The methods of one service, by their paths.
 *
 * @param services those that are served; the implementation is what they register on Connect's router too
 */
export function collectMethods(services: readonly Service[], wanted: DescService): ReadonlyMap<string, GrpcMethod> {
  const methods = new Map<string, GrpcMethod>();
  const add = (spec: MethodImplSpec): void => {
    const { parent, name } = spec.method;
    if (parent.typeName !== wanted.typeName || spec.kind === "client_streaming") return;
    methods.set(`/${parent.typeName}/${name}`, methodOf(spec));
  };
  const router: ConnectRouter = {
    handlers: [],
    service(service, implementation) {
      for (const spec of Object.values(createServiceImplSpec(service, implementation).methods)) add(spec);
      return router;
    },
    rpc(method, implementation) {
      add(createMethodImplSpec(method, implementation));
      return router;
    },
  };
  for (const service of services) service.register(router);
  return methods;
}

function methodOf(spec: Spec): GrpcMethod {
  const { method } = spec;
  const messageLimits = { readMaxBytes: limits.messageBytes, writeMaxBytes: limits.messageBytes, compressMinBytes: 0 };
  const serialization = createMethodSerializationLookup(method, undefined, undefined, messageLimits);
  const { parse } = serialization.getI(true);
  const { serialize } = serialization.getO(true);
  return {
    spec,
    parse,
    frame(answer) {
      const message = create(method.output, answer);
      return frameOfRead(message) ?? frameOf(serialize(message));
    },
  };
}
