import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Labels, Store } from "../../content/store.ts";
import { Leases } from "../../gen/containerd/services/leases/v1/leases_pb.js";
import { grpcTransport } from "../support/grpc.ts";
import { startStowage } from "../support/stowage.ts";
import { digestOf } from "./crash/writers.ts";

/** Blobs that nothing leads to once their lease is gone: several steps of a collection. */
const garbage = 400;

const namespace = "crash";

async function put(store: Store, text: string, labels: Labels = {}): Promise<Digest> {
  await using writer = await store.writer({ ref: text });
  await writer.write(Buffer.from(text));
  return await writer.commit({ labels });
}

async function digestsOf(store: Store): Promise<readonly Digest[]> {
  return (await Array.fromAsync(store.walk())).map(({ digest }) => digest);
}

test("a server that is killed in the middle of a collection has every blob that is in use, and none that is half there", async () => {
  const stowage = await startStowage();
  const connect = () => {
    const transport = grpcTransport(stowage.socket);
    const headers = { "containerd-namespace": namespace };
    return { leases: createClient(Leases, transport), headers, transport };
  };
  const { leases, headers, transport } = connect();
  await leases.create({ id: "l" }, { headers });
  const leased = createRemoteStore(transport, { namespace, lease: "l" });
  const store = createRemoteStore(transport, { namespace });
  const child = await put(store, "child", { "containerd.io/gc.root": "x" });
  const root = await put(store, "root", { "containerd.io/gc.root": "x", "containerd.io/gc.ref.content": child });
  await store.update({ digest: child, labels: {} });
  for (let first = 0; first < garbage; first += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, index) => put(leased, `garbage ${first + index}`)));
  }

  const answer = leases.delete({ id: "l", sync: true }, { headers }).then(
    () => "answered",
    () => "cut",
  );
  await expect.poll(() => digestsOf(store), { interval: 1 }).not.toHaveLength(garbage + 2);
  await stowage.kill("SIGKILL");
  await answer;
  await stowage.restart();

  const again = connect();
  const after = createRemoteStore(again.transport, { namespace });
  const left = await digestsOf(after);
  expect(left).toEqual(expect.arrayContaining([root, child]));
  for (const digest of left) {
    await using reader = await after.readerAt({ digest });
    expect(digestOf(Buffer.concat(await Array.fromAsync(reader.read(0))))).toBe(digest);
  }
  // What was left goes with the collection of the start, or with this one.
  await again.leases.create({ id: "l" }, { headers });
  await again.leases.delete({ id: "l", sync: true }, { headers });
  expect(await digestsOf(after)).toEqual([root, child].toSorted());
  const files = await readdir(join(stowage.data, "blobs", "sha256"));
  expect(files.map((file) => `sha256:${file}`).toSorted()).toEqual([root, child].toSorted());
});
