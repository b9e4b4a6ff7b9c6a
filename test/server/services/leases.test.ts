import { Code, createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Leases } from "../../../gen/containerd/services/leases/v1/leases_pb.js";
import { grpcTransport } from "../../support/grpc.ts";
import { openTestServer } from "../../support/stowage.ts";
import { failure, headers, sha256 } from "./calls.ts";

async function open() {
  const { socket } = await openTestServer();
  const transport = grpcTransport(socket);
  return { leases: createClient(Leases, transport), content: createClient(Content, transport) };
}

const hello = sha256("hello");

test("a lease is created with the id that is given, or with one of the server's, listed and deleted", async () => {
  const { leases } = await open();
  const { lease } = await leases.create({ id: "mine", labels: { a: "b" } }, { headers });
  expect(lease).toMatchObject({ id: "mine", labels: { a: "b" } });
  expect(lease?.createdAt?.seconds).toBeGreaterThan(1_700_000_000n);
  const made = await leases.create({}, { headers });
  expect(made.lease?.id).toMatch(/^[0-9a-f]{16}$/);
  expect((await leases.list({ filters: ["id==mine"] }, { headers })).leases).toEqual([lease]);
  await leases.delete({ id: "mine" }, { headers });
  expect((await leases.list({}, { headers })).leases.map(({ id }) => id)).toEqual([made.lease?.id]);
});

test("resources are added, listed and taken away", async () => {
  const { leases } = await open();
  await leases.create({ id: "l" }, { headers });
  await leases.addResource({ id: "l", resource: { type: "content", id: hello } }, { headers });
  await leases.addResource({ id: "l", resource: { type: "ingests", id: "r" } }, { headers });
  expect((await leases.listResources({ id: "l" }, { headers })).resources).toMatchObject([
    { type: "content", id: hello },
    { type: "ingests", id: "r" },
  ]);
  await leases.deleteResource({ id: "l", resource: { type: "ingests", id: "r" } }, { headers });
  expect((await leases.listResources({ id: "l" }, { headers })).resources).toHaveLength(1);
});

test("each refusal has the code and text that containerd's clients know", async () => {
  const { leases, content } = await open();
  await leases.create({ id: "l" }, { headers });
  const refusals: readonly (readonly [() => Promise<unknown>, Code, string])[] = [
    [() => leases.create({ id: "l" }, { headers }), Code.AlreadyExists, 'lease "l": already exists'],
    [() => leases.delete({ id: "x" }, { headers }), Code.NotFound, 'lease "x": not found'],
    [() => leases.list({}), Code.FailedPrecondition, "namespace is required: failed precondition"],
    [
      () => leases.list({ filters: ["a=b"] }, { headers }),
      Code.InvalidArgument,
      'filters: parse error: [a >|=|< b]: unsupported operator "=": invalid argument',
    ],
    [
      () => leases.addResource({ id: "l" }, { headers }),
      Code.Unimplemented,
      "resource type  not supported yet: not implemented",
    ],
    [
      () =>
        content
          .write(messages(), { headers: { ...headers, "containerd-lease": "unknown" } })
          [Symbol.asyncIterator]()
          .next(),
      Code.NotFound,
      "lease does not exist: not found",
    ],
  ];
  for (const [call, code, message] of refusals) {
    expect(await failure(call())).toMatchObject({ code, rawMessage: message });
  }
});

async function* messages() {
  yield { ref: "r" };
}

test("what is written under a lease stays until the lease is deleted, and is gone once a sync delete is answered", async () => {
  const { leases, content } = await open();
  await leases.create({ id: "l" }, { headers });
  const leased = { ...headers, "containerd-lease": "l" };
  const write = content.write(helloMessages(), { headers: leased });
  for await (const _ of write);
  expect((await leases.listResources({ id: "l" }, { headers })).resources).toMatchObject([
    { type: "content", id: hello },
  ]);
  await leases.create({ id: "other" }, { headers });
  await leases.delete({ id: "other", sync: true }, { headers });
  expect((await content.info({ digest: hello }, { headers })).info?.size).toBe(5n);
  await leases.delete({ id: "l", sync: true }, { headers: leased });
  expect((await failure(content.info({ digest: hello }, { headers }))).code).toBe(Code.NotFound);
});

async function* helloMessages() {
  yield { ref: "r", action: WriteAction.COMMIT, data: new TextEncoder().encode("hello") };
}

test("what nothing leads to goes by itself after a lease is deleted", async () => {
  const { leases, content } = await open();
  await leases.create({ id: "l" }, { headers });
  for await (const _ of content.write(helloMessages(), { headers: { ...headers, "containerd-lease": "l" } }));
  await leases.delete({ id: "l" }, { headers });
  const info = () =>
    content.info({ digest: hello }, { headers }).then(
      () => "there",
      () => "gone",
    );
  await expect.poll(info).toBe("gone");
});
