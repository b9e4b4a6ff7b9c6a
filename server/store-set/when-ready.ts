import type { DescMethod, DescService } from "@bufbuild/protobuf";
import type { ConnectRouter, HandlerContext, ServiceImpl } from "@connectrpc/connect";
import type { Service } from "../plugins/service.ts";

/** A method as Connect calls it, whatever its kind. */
type Method = (request: unknown, context: HandlerContext) => unknown;

/**
 * A service each of whose calls waits before it begins.
 *
 * @param ready what is waited for; what it throws is the call's answer
 */
export function whenReady(service: Service, ready: (signal: AbortSignal) => Promise<void>): Service {
  return {
    ...service,
    register(router) {
      const waiting: ConnectRouter = {
        ...router,
        service(desc, implementation) {
          router.service(desc, waitingFor(desc, implementation, ready));
          return waiting;
        },
      };
      service.register(waiting);
    },
  };
}

/** Descriptors tell at run time what methods there are, which types cannot follow. */
function waitingFor<S extends DescService>(
  desc: S,
  implementation: Partial<ServiceImpl<S>>,
  ready: (signal: AbortSignal) => Promise<void>,
): Partial<ServiceImpl<S>> {
  const methods = implementation as Readonly<Record<string, Method | undefined>>;
  const wrapped = desc.methods.flatMap((method) => {
    const own = methods[method.localName];
    return own === undefined ? [] : [[method.localName, waitingMethod(method, own, ready)]];
  });
  return Object.fromEntries(wrapped) as Partial<ServiceImpl<S>>;
}

function waitingMethod(
  { methodKind }: DescMethod,
  method: Method,
  ready: (signal: AbortSignal) => Promise<void>,
): Method {
  if (methodKind === "unary" || methodKind === "client_streaming") {
    return async (request, context) => {
      await ready(context.signal);
      return await method(request, context);
    };
  }
  return async function* (request, context) {
    await ready(context.signal);
    yield* method(request, context) as AsyncIterable<unknown>;
  };
}
