import type { DescMessage, DescMethod, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import grpcWeb from "grpc-web";
import { onTestFinished, vi } from "vitest";
import { XmlHttpRequest } from "./xml-http-request.ts";

/** Calls over the grpc-web package, which is not ours. */
export interface GrpcWebClient {
  /** One answer. */
  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethod & { input: I; output: O },
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>>;
  /** Every answer of a server's stream, once it has ended. */
  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethod & { input: I; output: O },
    request: MessageInitShape<I>,
  ): Promise<MessageShape<O>[]>;
}

/** For one test, whose global XMLHttpRequest it takes. @param namespace sent as `containerd-namespace` */
export function createGrpcWebClient(url: string, namespace: string): GrpcWebClient {
  vi.stubGlobal("XMLHttpRequest", XmlHttpRequest);
  onTestFinished(() => void vi.unstubAllGlobals());
  const client = new grpcWeb.GrpcWebClientBase({ format: "binary" });
  const metadata = { "containerd-namespace": namespace };
  const urlOf = ({ parent, name }: DescMethod) => `${url}/${parent.typeName}/${name}`;
  return {
    unary(method, request) {
      return client.unaryCall(urlOf(method), create(method.input, request), metadata, descriptorOf(method));
    },
    stream(method, request) {
      const message = create(method.input, request);
      const stream = client.serverStreaming(urlOf(method), message, metadata, descriptorOf(method));
      return new Promise((resolve, reject) => {
        const answers: MessageShape<typeof method.output>[] = [];
        stream.on("data", (answer) => answers.push(answer));
        stream.on("error", reject);
        stream.on("end", () => resolve(answers));
      });
    },
  };
}

/** What grpc-web's generated code would hold; the bytes of messages are made by the library that the project has for it. */
function descriptorOf<I extends DescMessage, O extends DescMessage>(method: DescMethod & { input: I; output: O }) {
  const { parent, name, methodKind, input, output } = method;
  return new grpcWeb.MethodDescriptor<MessageShape<I>, MessageShape<O>>(
    `/${parent.typeName}/${name}`,
    methodKind === "unary" ? "unary" : "server_streaming",
    Object as unknown as new () => MessageShape<I>,
    Object as unknown as new () => MessageShape<O>,
    (message: MessageShape<I>) => toBinary(input, message),
    (bytes: Uint8Array) => fromBinary(output, bytes),
  );
}
