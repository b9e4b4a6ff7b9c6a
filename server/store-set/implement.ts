import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { Content } from "../../gen/containerd/services/content/v1/content_pb.js";
import { Events } from "../../gen/containerd/services/events/v1/events_pb.js";
import { Images } from "../../gen/containerd/services/images/v1/images_pb.js";
import { Leases } from "../../gen/containerd/services/leases/v1/leases_pb.js";
import { Namespaces } from "../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { CatalogService } from "../../gen/stowage/v1/catalog_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import type { Service } from "../plugins/service.ts";

/** The services that are about a store. */
const storeServices: readonly DescService[] = [
  Content,
  ContentService,
  CatalogService,
  Images,
  Leases,
  Namespaces,
  Events,
];

/** Answers any call of a method. @param requests one message, where the method takes one */
export type Answer = (
  method: DescMethod,
  requests: AsyncIterable<Message>,
  context: HandlerContext,
) => AsyncIterable<Message>;

/** Every service that is about a store, each of its methods answered in one way. */
export function implementAll(answer: Answer): readonly Service[] {
  return storeServices.map((service) => ({
    register: (router) => router.service(service, implementationOf(service, answer)),
  }));
}

/** Descriptors tell at run time what methods there are, which types cannot follow. */
function implementationOf<S extends DescService>(service: S, answer: Answer): ServiceImpl<S> {
  const methods = service.methods.map((method) => [method.localName, methodOf(method, answer)]);
  return Object.fromEntries(methods) as ServiceImpl<S>;
}

function methodOf(method: DescMethod, answer: Answer) {
  switch (method.methodKind) {
    case "unary":
      return async (request: Message, context: HandlerContext) =>
        await only(method, answer(method, once(request), context));
    case "server_streaming":
      return (request: Message, context: HandlerContext) => answer(method, once(request), context);
    case "client_streaming":
      return async (requests: AsyncIterable<Message>, context: HandlerContext) =>
        await only(method, answer(method, requests, context));
    case "bidi_streaming":
      return (requests: AsyncIterable<Message>, context: HandlerContext) => answer(method, requests, context);
  }
}

async function* once(message: Message): AsyncGenerator<Message> {
  yield message;
}

async function only({ name }: DescMethod, answers: AsyncIterable<Message>): Promise<Message> {
  for await (const message of answers) return message;
  throw new Error(`no answer to ${name}`);
}
