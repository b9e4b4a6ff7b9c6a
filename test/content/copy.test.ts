import { expect, onTestFinished, test } from "vitest";
import { copy } from "../../content/copy.ts";
import { refKey } from "../../content/references.ts";
import { createLease, leaseResources } from "../../content/remote/leases.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Store } from "../../content/store.ts";
import { openLocalStore } from "../../server/stores/local/store.ts";
import { createMemoryStore } from "../../server/stores/memory/store.ts";
import { openTestMetadata } from "../server/metadata/support.ts";
import { bytes, digestOf, failure, get, KiB, leave, MiB, noise, put, refs } from "../suite/support.ts";
import { grpcTransport } from "../support/grpc.ts";
import { openTestServer } from "../support/stowage.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { observe } from "./copy/observed.ts";

function memory(): Store {
  const store = createMemoryStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

const data = noise(3 * MiB);
const digest = digestOf(data);
const target = { digest, size: data.length };

test("a blob is copied whole from memory to files, and back from there", async () => {
  const files = await openLocalStore(await makeTempDir());
  onTestFinished(() => files[Symbol.asyncDispose]());
  const first = memory();
  await put(first, data);
  expect(await copy(first, files, target)).toEqual({ digest, size: data.length, present: false });
  const last = memory();
  await copy(files, last, { digest });
  expect((await get(last, digest)).equals(data)).toBe(true);
});

test("a blob that is there is not read, even where it comes from has none", async () => {
  const to = memory();
  await put(to, data);
  const from = observe(memory());
  expect(await copy(from.store, to, target)).toEqual({ digest, size: data.length, present: true });
  expect(from.reads).toEqual([]);
});

test("what is half there goes on at its offset", async () => {
  const from = observe(memory());
  await put(from.store, data);
  const to = observe(memory());
  await leave(to.store, refKey(target), data.subarray(0, 700 * KiB), { descriptor: target });
  const offsets: number[] = [];
  await copy(from.store, to.store, target, { onProgress: (offset) => offsets.push(offset) });
  expect(from.reads).toEqual([{ digest, offset: 700 * KiB }]);
  expect(offsets[0]).toBe(700 * KiB);
  expect(offsets.at(-1)).toBe(data.length);
  expect(to.commits).toEqual([digest]);
});

test("a copy that is cancelled leaves no lock, and the next one goes on where it was", async () => {
  const from = memory();
  await put(from, data);
  const cancel = new AbortController();
  const to = observe(memory(), (written) => {
    if (written >= MiB) cancel.abort();
  });
  await expect(copy(from, to.store, target, { signal: cancel.signal })).rejects.toEqual(failure("cancelled"));
  const before = to.written();
  const again = observe(from);
  await copy(again.store, to.store, target);
  expect(again.reads).toEqual([{ digest, offset: before }]);
  expect(to.written()).toBe(data.length);
});

test("a blob that neither store has is not-found, and leaves no ingest that holds anything", async () => {
  const to = memory();
  await expect(copy(memory(), to, target)).rejects.toEqual(failure("not-found"));
  expect((await to.status(refKey(target))).offset).toBe(0);
});

test("wrong bytes are not committed", async () => {
  const from = memory();
  const other = await put(from, noise(data.length, 2));
  const lying: Store = { ...from, readerAt: (_, signal) => from.readerAt({ digest: other }, signal) };
  const to = memory();
  await expect(copy(lying, to, target)).rejects.toEqual(failure("failed-precondition"));
  expect(await refs(to)).toEqual([refKey(target)]);
  await expect(to.info(digest)).rejects.toEqual(failure("not-found"));
});

test("labels come along but for those that collection reads; a blob that is there gets only what is asked for", async () => {
  const { metadata } = await openTestMetadata();
  const from = metadata.in({ namespace: "from" });
  const to = metadata.in({ namespace: "to" });
  const labels = { "containerd.io/gc.root": "x", "containerd.io/uncompressed": "y", team: "z" };
  const one = await put(from, bytes("one"), { labels });
  await copy(from, to, { digest: one }, { labels: { own: "1" } });
  expect((await to.info(one)).labels).toEqual({ "containerd.io/uncompressed": "y", team: "z", own: "1" });
  await to.update({ digest: one, labels: { team: "other" } });
  await copy(from, to, { digest: one }, { labels: { own: "2" } });
  expect((await to.info(one)).labels).toEqual({ team: "other", own: "2" });
  const two = await put(from, bytes("two"), { labels });
  await copy(from, to, { digest: two }, { keepLabel: (key) => key === "team" });
  expect((await to.info(two)).labels).toEqual({ team: "z" });
});

test("what is copied is under the lease of the store that it is copied to, also where it was there already", async () => {
  const { socket } = await openTestServer();
  const transport = grpcTransport(socket);
  const namespace = "leased";
  const plain = createRemoteStore(transport, { namespace });
  const there = await put(plain, bytes("there"));
  const from = memory();
  const fresh = await put(from, bytes("fresh"));
  const { id } = await createLease(transport, { namespace }, {});
  const to = createRemoteStore(transport, { namespace, lease: id });
  for (const each of [there, fresh]) await copy(from, to, { digest: each });
  const resources = await leaseResources(transport, { namespace }, id);
  expect(resources.map((resource) => resource.id)).toEqual([there, fresh].toSorted());
});
