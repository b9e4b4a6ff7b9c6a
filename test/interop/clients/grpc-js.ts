import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { onTestFinished } from "vitest";

const protos = join(import.meta.dirname, "..", "..", "..", "proto");

/** containerd's Content as grpc-js makes it from our .proto files; numbers of 64 bits and bytes as text and Buffer. */
export interface ContentClient extends grpc.Client {
  List(
    request: object,
    metadata: grpc.Metadata,
  ): grpc.ClientReadableStream<{ info: { digest: string; size: string }[] }>;
  Read(request: object, metadata: grpc.Metadata): grpc.ClientReadableStream<{ offset: string; data: Buffer }>;
  Write(metadata: grpc.Metadata): grpc.ClientDuplexStream<object, { action: string; offset: string; digest: string }>;
}

/** A client of grpc-js, which is not ours, until the test has finished. */
export function createGrpcJsClient(address: string): ContentClient {
  const options = { includeDirs: [protos], longs: String, enums: String, defaults: true };
  const packages = grpc.loadPackageDefinition(loadSync("containerd/services/content/v1/content.proto", options));
  const service = ["containerd", "services", "content", "v1", "Content"].reduce<unknown>(
    (found, name) => (found as Record<string, unknown>)[name],
    packages,
  );
  const Content = service as new (address: string, credentials: grpc.ChannelCredentials) => ContentClient;
  const client = new Content(address, grpc.credentials.createInsecure());
  onTestFinished(() => client.close());
  return client;
}
