import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import type { AuditEvent } from "../../../content/audit.ts";
import { getAuditPage } from "../../../content/remote/audit.ts";
import { extendLease } from "../../../content/remote/catalog.ts";
import { createImage, deleteImage, updateImage } from "../../../content/remote/images.ts";
import { addLeaseResource, createLease, deleteLease } from "../../../content/remote/leases.ts";
import { createNamespace, deleteNamespace, labelNamespace } from "../../../content/remote/namespaces.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Leases } from "../../../gen/containerd/services/leases/v1/leases_pb.js";
import { grpcTransport } from "../../support/grpc.ts";
import { openTestServer } from "../../support/stowage.ts";
import { bytesOf, headers, putBlob, sha256 } from "../services/calls.ts";

const scope = { namespace: "n" };
const hello = sha256("hello");
const target = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest: hello, size: 5, annotations: {} };

async function open() {
  const { url, socket } = await openTestServer();
  const overConnect = createConnectTransport({ baseUrl: url, httpVersion: "1.1" });
  const overGrpc = grpcTransport(socket);
  /** Everything that was recorded, oldest first, once there are so many. */
  async function events(count: number, query = ""): Promise<readonly AuditEvent[]> {
    const read = async () => (await getAuditPage(overConnect, { selection: { query }, size: 100 })).events;
    await expect.poll(async () => (await read()).length).toBeGreaterThanOrEqual(count);
    const all = await read();
    expect(all).toHaveLength(count);
    return all.toReversed();
  }
  return { overConnect, overGrpc, events };
}

test("what is done to content is recorded, over Connect and over gRPC: who, from where, what, and how it went", async () => {
  const { overConnect, overGrpc, events } = await open();
  for (const [transport, writer] of [
    [overConnect, "unary"],
    [overGrpc, "stream"],
  ] as const) {
    const store = createRemoteStore(transport, { ...scope, writer });
    const digest = await putBlob(store, `hello over ${writer}`);
    await store.update({ digest, labels: { team: "a", old: "x" } }, ["labels.team", "labels.old"]);
    await store.update({ digest, labels: { team: "b" } }, ["labels.team", "labels.old"]);
    await using writing = await store.writer({ ref: `left-${writer}` });
    await writing.write(bytesOf("twelve bytes"));
    await writing.close();
    await store.abort(`left-${writer}`);
    await store.delete(digest);
    await expect(store.delete(digest)).rejects.toMatchObject({ kind: "not-found" });
  }
  const all = await events(12);
  for (const [offset, peer, agent, service] of [
    [0, "127.0.0.1", /connect-es/, "stowage.v1.ContentService"],
    [6, "unix socket", /connect-es/, "containerd.services.content.v1.Content"],
  ] as const) {
    const [write, label, change, abort, deletion, missed] = all.slice(offset, offset + 6);
    const method = "containerd.services.content.v1.Content";
    const seen = { peer, who: "", store: "local", namespace: "n", code: "ok", cause: "client", kind: "blob" };
    const digest = write?.digest;
    expect(write).toMatchObject({
      ...seen,
      act: "write",
      method: `${service}/Write`,
      digest: expect.stringMatching(/^sha256:/),
    });
    expect(write).toMatchObject({ name: expect.stringMatching(/^put-hello over /), bytes: expect.any(Number) });
    expect(write?.userAgent).toMatch(agent);
    expect(write?.call).toMatch(/^[0-9a-f]{6}-\d+$/);
    expect(label).toMatchObject({ ...seen, act: "label", method: `${method}/Update`, digest });
    expect(label?.changes).toEqual([
      { name: "label old", after: "x" },
      { name: "label team", after: "a" },
    ]);
    expect(change?.changes).toEqual([
      { name: "label old", before: "x" },
      { name: "label team", before: "a", after: "b" },
    ]);
    expect(abort).toMatchObject({
      ...seen,
      act: "abort",
      kind: "ingest",
      bytes: 12,
      name: expect.stringMatching(/^left-/),
    });
    expect(deletion).toMatchObject({ ...seen, act: "delete", digest, bytes: write?.bytes });
    expect(missed).toMatchObject({
      ...seen,
      act: "delete",
      digest,
      code: "not-found",
      error: expect.stringContaining("not found"),
    });
  }
});

test("a commit that is refused is recorded with why; what is only written, or asked, is not", async () => {
  const { overGrpc, events } = await open();
  const store = createRemoteStore(overGrpc, scope);
  {
    await using writer = await store.writer({ ref: "wrong" });
    await writer.write(bytesOf("hello"));
    await expect(writer.commit({ expected: sha256("other") })).rejects.toThrow();
  }
  await expect(store.info(hello)).rejects.toThrow();
  const [refused] = await events(1);
  expect(refused).toMatchObject({ act: "write", name: "wrong", code: "failed-precondition", bytes: 5 });
  expect(refused).toMatchObject({ digest: sha256("other"), error: expect.stringContaining("unexpected") });
});

test("what is done to images, leases and namespaces is recorded with what it changes", async () => {
  const { overConnect, overGrpc, events } = await open();
  await createNamespace(overConnect, {}, "team", { owner: "mei" });
  await labelNamespace(overConnect, {}, { name: "team", labels: { owner: "ada" }, fieldpaths: ["labels.owner"] });
  await deleteNamespace(overConnect, {}, "team");
  await putBlob(createRemoteStore(overGrpc, scope), "hello");
  await createImage(overGrpc, scope, { name: "app:1", target, labels: {} });
  await updateImage(overGrpc, scope, { name: "app:1", target: { ...target, digest: sha256("2") }, labels: {} }, []);
  await deleteImage(overGrpc, scope, "app:1");
  await createLease(overGrpc, scope, { id: "l", labels: {} });
  await addLeaseResource(overGrpc, scope, "l", { type: "content", id: hello });
  await createClient(Leases, overGrpc).deleteResource(
    { id: "l", resource: { type: "content", id: hello } },
    { headers },
  );
  const expiresAt = new Date(Date.now() + 3_600_000);
  await extendLease(overConnect, scope, { namespace: "n", id: "l", expiresAt });
  await deleteLease(overGrpc, scope, "l");

  const all = await events(12, "-act:collect");
  expect(all.map(({ act, kind, name }) => `${act} ${kind} ${name}`)).toEqual([
    "create namespace team",
    "update namespace team",
    "delete namespace team",
    "write blob put-hello",
    "create image app:1",
    "update image app:1",
    "delete image app:1",
    "create lease l",
    "add lease l",
    "remove lease l",
    "extend lease l",
    "delete lease l",
  ]);
  const changesOf = (index: number) => all[index]?.changes;
  expect(changesOf(0)).toEqual([{ name: "label owner", after: "mei" }]);
  expect(changesOf(1)).toEqual([{ name: "label owner", before: "mei", after: "ada" }]);
  expect(all[1]).toMatchObject({ namespace: "team" });
  expect(changesOf(4)).toEqual([{ name: "target", after: hello }]);
  expect(changesOf(5)).toEqual([{ name: "target", before: hello, after: sha256("2") }]);
  expect(changesOf(6)).toEqual([{ name: "target", before: sha256("2") }]);
  expect(all[6]).toMatchObject({ digest: sha256("2") });
  expect(changesOf(8)).toEqual([{ name: "content", after: hello }]);
  expect(changesOf(9)).toEqual([{ name: "content", before: hello }]);
  expect(changesOf(10)).toEqual([{ name: "label containerd.io/gc.expire", after: expiresAt.toISOString() }]);
});

test("what the server removes by itself is recorded with its cause", async () => {
  const { overGrpc, events } = await open();
  const store = createRemoteStore(overGrpc, { ...scope, lease: "l" });
  const past = new Date(Date.now() + 50).toISOString();
  await createLease(overGrpc, scope, { id: "l" });
  await putBlob(store, "hello");
  await createLease(overGrpc, scope, { id: "short", labels: { "containerd.io/gc.expire": past } });
  await deleteLease(overGrpc, scope, "l", { sync: true });
  await expect.poll(async () => Date.now() > Date.parse(past)).toBe(true);
  await createLease(overGrpc, scope, { id: "again" });
  await deleteLease(overGrpc, scope, "again", { sync: true });
  const [blob] = await events(1, "cause:collection");
  expect(blob).toMatchObject({
    act: "collect",
    kind: "blob",
    digest: hello,
    bytes: 5,
    store: "local",
    peer: "",
    call: "",
  });
  const [lease] = await events(1, "cause:expiry");
  expect(lease).toMatchObject({ act: "expire", kind: "lease", name: "short", namespace: "n" });
});

test("a name is recorded to its end: refs that begin alike are told apart", async () => {
  const { overConnect, overGrpc, events } = await open();
  const refs = ["a", "b"].map((end) => `${"x".repeat(1000)}${end}`);
  for (const [index, transport] of [overConnect, overGrpc].entries()) {
    await createRemoteStore(transport, scope)
      .abort(refs[index] ?? "")
      .catch(() => undefined);
  }
  expect((await events(2)).map(({ name }) => name)).toEqual(refs);
});
