import { Code, createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Images } from "../../../gen/containerd/services/images/v1/images_pb.js";
import { grpcTransport } from "../../support/grpc.ts";
import { openTestServer } from "../../support/stowage.ts";
import { bytesOf, failure, headers, sha256 } from "./calls.ts";

async function open() {
  const { socket } = await openTestServer();
  const transport = grpcTransport(socket);
  return { images: createClient(Images, transport), content: createClient(Content, transport) };
}

const digest = sha256("hello");
const target = { mediaType: "application/json", digest, size: 5n, annotations: { a: "b" } };

test("an image is created, found, listed, updated by a mask, and deleted", async () => {
  const { images } = await open();
  const created = await images.create({ image: { name: "alpine", labels: { team: "red" }, target } }, { headers });
  expect(created.image).toMatchObject({ name: "alpine", labels: { team: "red" }, target });
  expect(created.image?.createdAt).toEqual(created.image?.updatedAt);
  expect((await images.get({ name: "alpine" }, { headers })).image).toEqual(created.image);
  expect((await images.list({ filters: ["name~=^alp"] }, { headers })).images).toEqual([created.image]);
  expect((await images.list({ filters: ["name==debian"] }, { headers })).images).toEqual([]);
  const updateMask = { paths: ["labels.tier", "labels.team"] };
  const updated = await images.update({ image: { name: "alpine", labels: { tier: "gold" } }, updateMask }, { headers });
  expect(updated.image).toMatchObject({ labels: { tier: "gold" }, target });
  expect(updated.image?.labels).not.toHaveProperty("team");
  await images.delete({ name: "alpine" }, { headers });
  expect((await images.list({}, { headers })).images).toEqual([]);
});

test("the time that a build gives stands for the time of the call", async () => {
  const { images } = await open();
  const sourceDateEpoch = { seconds: 1_000_000_000n, nanos: 0 };
  const { image } = await images.create({ image: { name: "alpine", target }, sourceDateEpoch }, { headers });
  expect(image?.createdAt).toMatchObject(sourceDateEpoch);
  expect(image?.updatedAt).toMatchObject(sourceDateEpoch);
});

test("each refusal has the code and text that containerd's clients know", async () => {
  const { images } = await open();
  await images.create({ image: { name: "alpine", target } }, { headers });
  const refusals: readonly (readonly [() => Promise<unknown>, Code, string])[] = [
    [() => images.get({ name: "x" }, { headers }), Code.NotFound, 'image "x": not found'],
    [
      () => images.create({ image: { name: "alpine", target } }, { headers }),
      Code.AlreadyExists,
      'image "alpine": already exists',
    ],
    [() => images.create({}, { headers }), Code.InvalidArgument, "Image.Name required: invalid argument"],
    [
      () => images.create({ image: { name: "x" } }, { headers }),
      Code.InvalidArgument,
      'Target.Digest "" invalid: invalid checksum digest format: invalid argument',
    ],
    [() => images.update({ image: { name: "x", target } }, { headers }), Code.NotFound, 'image "x": not found'],
    [() => images.delete({ name: "x" }, { headers }), Code.NotFound, 'image "x": not found'],
    [
      () => images.delete({ name: "alpine", target: { digest: sha256("other") } }, { headers }),
      Code.NotFound,
      `image "alpine" has target ${digest}, not ${sha256("other")}: not found`,
    ],
    [() => images.list({}), Code.FailedPrecondition, "namespace is required: failed precondition"],
  ];
  for (const [call, code, message] of refusals) {
    expect(await failure(call())).toMatchObject({ code, rawMessage: message });
  }
  expect((await images.list({}, { headers })).images).toHaveLength(1);
});

test("an image keeps its blob, which is gone once a sync delete of the image is answered", async () => {
  const { images, content } = await open();
  await images.create({ image: { name: "alpine", target } }, { headers });
  await images.create({ image: { name: "other", target: { ...target, digest: sha256("other") } } }, { headers });
  for await (const _ of content.write(helloMessages(), { headers }));
  await images.delete({ name: "other", sync: true }, { headers });
  expect((await content.info({ digest }, { headers })).info?.size).toBe(5n);
  await images.delete({ name: "alpine", sync: true }, { headers });
  expect((await failure(content.info({ digest }, { headers }))).code).toBe(Code.NotFound);
});

async function* helloMessages() {
  yield { ref: "r", action: WriteAction.COMMIT, data: bytesOf("hello") };
}
