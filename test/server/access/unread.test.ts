import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:http2";
import { buffer } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { serveGuarded } from "./guarded.ts";

const megabytes = 16 * 1024 * 1024;

/** The begin of one message of gRPC that is 16 MiB long. */
function beginOfFrame(): Buffer {
  const begin = Buffer.alloc(15);
  begin.writeUInt32BE(megabytes, 1);
  return begin;
}

/** Begin a call over HTTP/1.1 that would send 16 MiB, and send ten bytes of them. */
async function beginCall(url: string, headers: Record<string, string>, begin: Uint8Array) {
  const asked = request(url, { agent: false, method: "POST", headers: { ...headers, "content-length": megabytes } });
  onTestFinished(() => {
    asked.destroy();
  });
  asked.on("error", () => undefined);
  asked.write(begin);
  const [response] = await once(asked, "response");
  return { status: response.statusCode as number, headers: response.headers, body: await buffer(response) };
}

const forms: readonly { readonly form: string; readonly headers: Record<string, string> }[] = [
  { form: "protobuf", headers: { "content-type": "application/proto" } },
  { form: "JSON", headers: { "content-type": "application/json" } },
  { form: "gzip", headers: { "content-type": "application/json", "content-encoding": "gzip" } },
];

test.each(forms)(
  "who does not say who they are is refused before their message is there: $form",
  async ({ headers }) => {
    const { url } = await serveGuarded();
    const answer = await beginCall(`${url}/stowage.v1.ContentService/Write`, headers, Buffer.alloc(10));
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ code: "unauthenticated" });
  },
);

test("a stream of Connect and one of gRPC-Web are refused so too, each in its own form", async () => {
  const { url } = await serveGuarded();
  const list = `${url}/stowage.v1.ContentService/List`;
  const connected = await beginCall(list, { "content-type": "application/connect+json" }, beginOfFrame());
  expect(connected.status).toBe(200);
  expect(connected.body.subarray(5).toString()).toContain('"code":"unauthenticated"');
  const web = await beginCall(list, { "content-type": "application/grpc-web+proto" }, beginOfFrame());
  expect(web.headers["grpc-status"] ?? web.body.toString()).toMatch(/^16$|grpc-status: 16/);
});

test.each(["content.v1.Content/Info", "content.v1.Content/Update", "images.v1.Images/Get"])(
  "and %s over plain gRPC",
  async (method) => {
    const { url } = await serveGuarded();
    const session = connect(url);
    onTestFinished(() => session.destroy());
    const path = `/containerd.services.${method}`;
    const stream = session.request({ ":method": "POST", ":path": path, "content-type": "application/grpc" });
    const statuses: unknown[] = [];
    stream.on("response", (headers) => statuses.push(headers["grpc-status"]));
    stream.on("trailers", (trailers) => statuses.push(trailers["grpc-status"]));
    stream.on("error", () => undefined);
    stream.write(beginOfFrame());
    await once(stream.resume(), "close");
    expect(statuses).toContain("16");
  },
);

test("who says who they are is heard to the end", async () => {
  const { url, token } = await serveGuarded();
  const text = await token();
  const headers = { authorization: `Bearer ${text}`, "content-type": "application/json", "containerd-namespace": "n" };
  const asked = request(`${url}/stowage.v1.ContentService/ListPage`, { agent: false, method: "POST", headers });
  asked.write("{");
  await once(asked, "socket");
  asked.end("}");
  const [response] = await once(asked, "response");
  expect([response.statusCode, JSON.parse((await buffer(response)).toString())]).toEqual([200, expect.any(Object)]);
});
