import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { beforeAll, beforeEach, expect, onTestFinished, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import { readBytes } from "../../content/read-blob.ts";
import { listImages } from "../../content/remote/images.ts";
import { leaseResources, listLeases } from "../../content/remote/leases.ts";
import { describeNamespaces } from "../../content/remote/namespaces.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Info, Store } from "../../content/store.ts";
import type { Change } from "../../server/feed/change.ts";
import type { Mirror } from "../../server/mirror/mirror.ts";
import { openMirror } from "../../server/mirror/mirror.ts";
import type { MirrorTiming } from "../../server/mirror/timing.ts";
import { openContainerdSource } from "../../server/stores/containerd/source.ts";
import { startContainerd } from "../support/containerd.ts";
import type { Ctr } from "../support/ctr.ts";
import { createCtr, openIngest } from "../support/ctr.ts";
import { grpcTransport } from "../support/grpc.ts";
import { digestOf, writeArchive } from "../support/oci-archive.ts";
import { startRecorder } from "../support/recorder.ts";
import { makeTempDir } from "../support/temp-dir.ts";

let socket: string;
let ctr: Ctr;
let archives: string;

beforeAll(async () => {
  const stack = new AsyncDisposableStack();
  archives = await mkdtemp(join(tmpdir(), "open-containerd-"));
  stack.defer(() => rm(archives, { recursive: true, force: true }));
  socket = stack.use(await startContainerd()).socket;
  ctr = createCtr(socket);
  return () => stack.disposeAsync();
});

/** Every test has namespaces of its own. */
let namespace: string;
let tests = 0;

beforeEach(() => {
  tests += 1;
  namespace = `test-${tests}`;
});

/** Looks that are as quick as they may be, whatever they cost. */
const timing: Partial<MirrorTiming> = {
  ingestsMs: 100,
  leastMs: 100,
  restPerCost: 0,
  hintMs: 20,
  share: 1,
  retryMs: 50,
  longestRetryMs: 200,
};

async function open(target: string, options: { allowChanges?: boolean; timing?: Partial<MirrorTiming> } = {}) {
  const { allowChanges = false } = options;
  const logger = pino({ level: "silent" });
  const source = openContainerdSource(target, { logger });
  const stopping = new AbortController().signal;
  const root = await makeTempDir();
  const all = { ...timing, ...options.timing };
  const mirror = await openMirror({ name: "there", root, source, allowChanges, logger, stopping, timing: all });
  onTestFinished(() => mirror[Symbol.asyncDispose]());
  return mirror;
}

/** Follow it, which makes it look again and again. */
function follow(mirror: Mirror): readonly Change[] {
  const changes: Change[] = [];
  onTestFinished(mirror.feed.listen((change) => changes.push(change)));
  return changes;
}

/** Put an image into a namespace of the daemon. */
async function load(name: string, text: string, into = namespace): Promise<void> {
  const archive = join(archives, `${text}.tar`);
  await writeArchive(archive, name, text);
  const outcome = await ctr(["-n", into, "images", "import", "--no-unpack", archive]);
  expect(outcome.status, outcome.stderr).toBe(0);
}

/** A containerd 1.6 does not tell in a list when a blob was changed. */
function unchanged({ updatedAt: _, ...info }: Info) {
  return info;
}

/** Store a text. */
async function writeText(store: Store, text: string): Promise<Digest> {
  await using writer = await store.writer({ ref: `write-${text}` });
  await writer.write(Buffer.from(text));
  return await writer.commit();
}

/** All that the daemon has, asked for itself. */
async function daemonHas() {
  const transport = grpcTransport(socket);
  const namespaces = await describeNamespaces(transport, {});
  const blobs: unknown[] = [];
  const images: unknown[] = [];
  const leases: unknown[] = [];
  for (const { name } of namespaces) {
    const scope = { namespace: name };
    for await (const info of createRemoteStore(transport, scope).walk()) {
      blobs.push({ namespace: name, info: unchanged(info) });
    }
    images.push(...(await listImages(transport, scope)).map((image) => ({ namespace: name, image })));
    for (const lease of await listLeases(transport, scope)) {
      leases.push({ namespace: name, lease, resources: await leaseResources(transport, scope, lease.id) });
    }
  }
  return { namespaces, blobs, images, leases };
}

/** The same, as a mirror has it. */
async function mirrorHas(mirror: Mirror) {
  const leases = await Array.fromAsync(mirror.catalog.leases());
  const blobs: unknown[] = [];
  const namespaces = await mirror.namespaces.list();
  for (const { name } of namespaces) {
    for await (const info of mirror.in({ namespace: name }).walk()) {
      blobs.push({ namespace: name, info: unchanged(info) });
    }
  }
  return {
    namespaces,
    blobs,
    images: await Array.fromAsync(mirror.catalog.images()),
    leases: await Promise.all(
      leases.map(async (row) => ({ ...row, resources: await mirror.leases.resources(row.namespace, row.lease.id) })),
    ),
  };
}

async function caughtUp(mirror: Mirror): Promise<void> {
  await expect.poll(() => mirrorHas(mirror)).toEqual(await daemonHas());
}

test("a running containerd is shown as it is, follows what ctr does there, and is not changed by being looked at", async () => {
  await load("example.com/first:1", "first");
  await load("example.com/first:1", "first", `${namespace}-other`);
  await ctr(["-n", namespace, "leases", "create", "--id", "held", "team=red"]);
  const before = await daemonHas();
  const mirror = await open(socket);
  await mirror.ready();
  expect(await mirrorHas(mirror)).toEqual(before);
  const changes = follow(mirror);
  await caughtUp(mirror);
  expect(await daemonHas()).toEqual(before);
  expect(mirror.state).toMatchObject({ state: "live", isWatched: true });

  await load("example.com/second:1", "second");
  await caughtUp(mirror);
  expect(changes.some((change) => change.kind === "image" && change.name === "example.com/second:1")).toBe(true);

  const [blob] = (await mirrorHas(mirror)).blobs as { namespace: string; info: { digest: string } }[];
  await ctr(["-n", blob?.namespace ?? "", "content", "label", blob?.info.digest ?? "", "team=payments"]);
  await caughtUp(mirror);
  await ctr(["-n", namespace, "images", "rm", "example.com/second:1"]);
  await ctr(["-n", namespace, "leases", "rm", "held"]);
  await ctr(["-n", blob?.namespace ?? "", "content", "rm", blob?.info.digest ?? ""]);
  await caughtUp(mirror);
});

test("an ingest shows with its offset, and ends as the blob that it is named by, or nobody knows how", async () => {
  const mirror = await open(`unix:${socket}`);
  await mirror.ready();
  const changes = follow(mirror);
  const ends = () => changes.flatMap((change) => (change.kind === "ingest" && change.end ? [change] : []));
  const rows = async () =>
    (await Array.fromAsync(mirror.ingests("*"))).map(({ status }) => [status.ref, status.offset]);
  const ingest = openIngest(socket, namespace, "undeclared");
  ingest.write(Buffer.alloc(3 * 1024 * 1024, "x"));
  const digest = digestOf(Buffer.from("hello"));
  const there = createRemoteStore(grpcTransport(socket), { namespace });
  // As a pull names it: what an ingest declared is not told.
  const ref = `layer-${digest}`;
  await using writer = await there.writer({ ref, descriptor: { digest, size: 5 } });
  await writer.write(Buffer.from("hel"));
  await expect.poll(rows).toEqual([
    [ref, 3],
    ["undeclared", expect.toSatisfy((offset) => offset >= 1024 * 1024)],
  ]);
  expect(await mirror.in({ namespace }).status(ref)).toMatchObject({ offset: 3, total: 5 });

  await writer.write(Buffer.from("lo"));
  await writer.commit();
  await expect.poll(ends).toMatchObject([{ ref, end: { outcome: "committed", digest, size: 5 } }]);
  await ingest.end();
  await expect.poll(ends).toMatchObject([{}, { ref: "undeclared", end: { outcome: "unknown" } }]);
  await caughtUp(mirror);
  expect(await rows()).toEqual([]);
});

test("a containerd that is killed is told as unreachable while its rows stay, and is live again when it is back", async () => {
  const containerd = await startContainerd();
  onTestFinished(() => containerd[Symbol.asyncDispose]());
  const own = createCtr(containerd.socket);
  await own(["-n", "kept", "content", "ingest", "hello"], { input: "hello\n" });
  const mirror = await open(containerd.socket);
  await mirror.ready();
  follow(mirror);
  const store = mirror.in({ namespace: "kept" });
  const [info] = await Array.fromAsync(store.walk());
  if (info === undefined) throw new Error("there is a blob");
  expect(await readBytes(store, info)).toEqual(new Uint8Array(Buffer.from("hello\n")));

  await containerd.kill();
  await expect
    .poll(() => mirror.state)
    .toMatchObject({
      state: "unreachable",
      reason: "nobody listens there (connection refused)",
      lastContactAt: expect.any(Date),
    });
  expect(await Array.fromAsync(store.walk())).toEqual([info]);
  await expect(store.readerAt(info)).rejects.toMatchObject({
    kind: "unavailable",
    message: "store there does not answer: nobody listens there (connection refused)",
  });

  await containerd.start();
  await expect.poll(() => mirror.state.state).toBe("live");
  await own(["-n", "kept", "content", "ingest", "more"], { input: "more\n" });
  await expect.poll(() => Array.fromAsync(store.walk())).toHaveLength(2);
});

test("a containerd is only read unless changes are allowed, and is then changed as it is by ctr", async () => {
  await load("example.com/first:1", "first");
  const reader = await open(socket);
  const [image] = await reader.images.list(namespace);
  if (image === undefined) throw new Error("there is an image");
  const { digest } = image.target;
  const before = await daemonHas();
  const refusal = {
    kind: "permission-denied",
    message: "store there is opened read-only; --allow-changes or allow_changes in the config lets it be changed",
  };
  await expect(reader.in({ namespace }).delete(digest)).rejects.toMatchObject(refusal);
  await expect(reader.in({ namespace }).writer({ ref: "r" })).rejects.toMatchObject(refusal);
  await expect(reader.images.delete({ namespace }, image.name)).rejects.toMatchObject(refusal);
  await expect(reader.leases.create(namespace, "l", {})).rejects.toMatchObject(refusal);
  await expect(reader.namespaces.create("new", {})).rejects.toMatchObject(refusal);
  expect(await daemonHas()).toEqual(before);

  const mirror = await open(socket, { allowChanges: true });
  await mirror.ready();
  const changes = follow(mirror);
  const store = mirror.in({ namespace });
  const written = await writeText(store, "written");
  expect((await store.info(written)).size).toBe(7);
  expect((await store.update({ digest: written, labels: { a: "b" } })).labels).toEqual({ a: "b" });
  await mirror.images.create({ namespace }, { ...image, name: "copy:1" });
  await mirror.leases.create(namespace, "mine", {});
  await mirror.leases.addResource(namespace, "mine", { type: "content", id: written });
  await mirror.namespaces.create(`${namespace}-new`, { owner: "us" });
  expect(await mirrorHas(mirror)).toEqual(await daemonHas());
  await mirror.images.delete({ namespace }, "copy:1");
  await store.delete(digest);
  await mirror.leases.delete(namespace, "mine");
  await mirror.namespaces.delete(`${namespace}-new`);
  expect(await mirrorHas(mirror)).toEqual(await daemonHas());
  await caughtUp(mirror);
  expect(changes.some((change) => change.kind === "blob" && change.digest === digest && !change.after)).toBe(true);
});

test("nothing is asked while nobody watches, and a look comes sooner when containerd says that something happened", async () => {
  const relay = join(await makeTempDir(), "relay.sock");
  const calls = await startRecorder(relay, socket);
  // Without a word of containerd's, the next look would come in a minute.
  const mirror = await open(relay, { timing: { leastMs: 60_000, idleMs: 200 } });
  await mirror.ready();
  await expect.poll(() => mirror.state.isWatched).toBe(false);
  const asked = calls.length;
  expect(calls.map(({ path }) => path)).not.toContain("/containerd.services.content.v1.Content/Write");
  await ctr(["-n", namespace, "content", "ingest", "unseen"], { input: "unseen" });
  expect(calls).toHaveLength(asked);
  expect(mirror.state.everyMs).toBeUndefined();

  const subscriptions = () => calls.filter(({ path }) => path.endsWith("Events/Subscribe")).length;
  const before = subscriptions();
  follow(mirror);
  await expect.poll(subscriptions).toBeGreaterThan(before);
  await caughtUp(mirror);
  await load("example.com/heard:1", "heard");
  await caughtUp(mirror);
});
