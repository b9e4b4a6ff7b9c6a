import { createHash } from "node:crypto";
import { Metadata } from "@grpc/grpc-js";
import { expect, test } from "vitest";
import { Content, WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { openTestServer } from "../support/stowage.ts";
import { curlStream, curlUnary } from "./clients/curl.ts";
import { createGrpcJsClient } from "./clients/grpc-js.ts";
import { createGrpcWebClient } from "./clients/grpc-web.ts";

const namespace = "clients";

/** More than one answer of a Read. */
const blob = Buffer.from("0123456789abcdef".repeat(40_000));

const digest = `sha256:${createHash("sha256").update(blob).digest("hex")}`;

test("curl writes, lists and reads a blob with Connect's JSON", async () => {
  const { url } = await openTestServer();
  const request = { action: "COMMIT", ref: "by-curl", data: blob.toString("base64") };
  const written = await curlUnary(`${url}/stowage.v1.ContentService/Write`, namespace, { request });
  expect(written).toMatchObject({ response: { action: "COMMIT", offset: `${blob.length}`, digest } });

  const content = `${url}/containerd.services.content.v1.Content`;
  expect(await curlStream(`${content}/List`, namespace, {})).toMatchObject([
    { info: [{ digest, size: `${blob.length}` }] },
  ]);
  expect(await curlUnary(`${content}/Info`, namespace, { digest })).toMatchObject({ info: { digest } });
  const read = (await curlStream(`${content}/Read`, namespace, { digest })) as { data: string }[];
  expect(Buffer.concat(read.map(({ data }) => Buffer.from(data, "base64"))).equals(blob)).toBe(true);
});

test.each(["TCP", "the socket"])("grpc-js writes, lists and reads a blob over %s", async (way) => {
  const { url, socket } = await openTestServer();
  const client = createGrpcJsClient(way === "TCP" ? new URL(url).host : `unix:${socket}`);
  const metadata = new Metadata();
  metadata.set("containerd-namespace", namespace);

  const write = client.Write(metadata);
  const answers = write[Symbol.asyncIterator]();
  const say = async (message: object) => {
    write.write(message);
    return (await answers.next()).value as unknown;
  };
  expect(await say({ action: "STAT", ref: "by-grpc-js", total: blob.length })).toMatchObject({ offset: "0" });
  expect(await say({ action: "WRITE", data: blob })).toMatchObject({ offset: `${blob.length}`, digest });
  const commit = { action: "COMMIT", offset: blob.length, expected: digest };
  expect(await say(commit)).toMatchObject({ action: "COMMIT", digest });
  write.end();
  expect(await answers.next()).toMatchObject({ done: true });

  expect(await Array.fromAsync(client.List({}, metadata))).toMatchObject([
    { info: [{ digest, size: `${blob.length}` }] },
  ]);
  const read = await Array.fromAsync(client.Read({ digest, offset: 16 }, metadata));
  expect(Buffer.concat(read.map(({ data }) => data)).equals(blob.subarray(16))).toBe(true);
});

test("grpc-web's own client writes, lists and reads a blob", async () => {
  const { url } = await openTestServer();
  const client = createGrpcWebClient(url, namespace);
  const request = { action: WriteAction.COMMIT, ref: "by-grpc-web", data: blob };
  expect(await client.unary(ContentService.method.write, { request })).toMatchObject({
    response: { digest, offset: BigInt(blob.length) },
  });

  expect(await client.stream(Content.method.list, {})).toMatchObject([
    { info: [{ digest, size: BigInt(blob.length) }] },
  ]);
  const read = await client.stream(Content.method.read, { digest });
  expect(Buffer.concat(read.map(({ data }) => data)).equals(blob)).toBe(true);
  expect(read.length).toBeGreaterThan(1);
  const missing = client.unary(Content.method.info, { digest: `sha256:${"a".repeat(64)}` });
  await expect(missing).rejects.toMatchObject({ code: 5, message: expect.stringContaining("not found") });
});
