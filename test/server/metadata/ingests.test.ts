import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Scope } from "../../../content/store.ts";
import { digestOf, openTestMetadata, put } from "./support.ts";

const holder = "mei · grpc-go/1.33.3 · unix socket";

const mei: Scope = {
  namespace: "a",
  caller: { identity: "mei", userAgent: "grpc-go/1.33.3", address: "unix socket" },
};

test("the feed tells an ingest's whole life, in order, with who did what", async () => {
  const { metadata, changes } = await openTestMetadata();
  const store = metadata.in(mei);
  const writer = await store.writer({ ref: "r", descriptor: { size: 4 } });
  await writer.write(Buffer.from("ab"));
  await writer.close();
  const again = await store.writer({ ref: "r" });
  await again.write(Buffer.from("cd"));
  const digest = await again.commit();
  const ours = changes.filter((change) => change.kind === "ingest");
  expect(ours).toMatchObject([
    { after: { status: { offset: 0, total: 4 }, holder, lockedAt: expect.any(Date) } },
    { before: { status: { offset: 0 } }, after: { status: { offset: 2 }, holder } },
    { before: { holder }, after: { status: { offset: 2 }, holder: "" } },
    { before: { status: { offset: 2 }, holder: "" }, after: { status: { offset: 2 }, holder } },
    { after: { status: { offset: 4 } } },
    { before: { status: { offset: 4 } }, end: { outcome: "committed", digest, size: 4, by: holder } },
  ]);
  expect(ours[2]).not.toHaveProperty("after.lockedAt");
  expect(changes.map(({ sequence }) => sequence)).toEqual(changes.map((_, index) => index + 1));
});

test("an ingest that is opened and aborted at once still tells its end", async () => {
  const { metadata, changes } = await openTestMetadata();
  const store = metadata.in(mei);
  const writer = await store.writer({ ref: "r" });
  await store.abort("r");
  await expect(writer.write(Buffer.from("x"))).rejects.toMatchObject({ kind: "aborted" });
  await writer.close();
  const told = changes.filter((change) => change.kind === "ingest");
  expect(told).toHaveLength(2);
  expect(told[1]).toMatchObject({ end: { outcome: "aborted", by: holder } });
});

test("a locked ref is refused with the caller's ref, and says who holds it", async () => {
  const { metadata } = await openTestMetadata();
  await using _held = await metadata.in(mei).writer({ ref: "some/ref" });
  await expect(metadata.in({ namespace: "a" }).writer({ ref: "some/ref" })).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringMatching(/^ref some\/ref locked for \S+ \(since /),
    facts: { locked: { ref: "some/ref", holder, since: expect.any(Date) } },
  });
  await (await metadata.in({ namespace: "b" }).writer({ ref: "some/ref" })).close();
});

test("a refused commit keeps the ingest with the reason, frees its ref, and is told", async () => {
  const { metadata, changes } = await openTestMetadata();
  const store = metadata.in(mei);
  const writer = await store.writer({ ref: "r" });
  await writer.write(Buffer.from("abc"));
  const wrong = digestOf("other");
  await expect(writer.commit({ expected: wrong })).rejects.toMatchObject({ kind: "failed-precondition" });
  const reason = `unexpected commit digest ${digestOf("abc")}, expected ${wrong}`;
  expect(await Array.fromAsync(metadata.ingests(["a"]))).toMatchObject([
    { status: { ref: "r", offset: 3 }, lastError: reason, holder: "" },
  ]);
  expect(changes.at(-1)).toMatchObject({ kind: "ingest", after: { lastError: reason, holder: "" } });
  const again = await store.writer({ ref: "r" });
  expect(await again.commit({ expected: digestOf("abc"), size: 3 })).toBe(digestOf("abc"));
});

test("a size that is wrong is refused with the ref and both sizes", async () => {
  const { metadata } = await openTestMetadata();
  const writer = await metadata.in(mei).writer({ ref: 'q"r' });
  await writer.write(Buffer.from("abc"));
  await expect(writer.commit({ size: 4 })).rejects.toMatchObject({
    kind: "failed-precondition",
    message: '"q\\"r" failed size validation: 3 != 4',
  });
});

test("a commit of a blob that is there ends the ingest as existed", async () => {
  const { metadata, changes } = await openTestMetadata();
  const digest = await put(metadata, "a", "bytes");
  const writer = await metadata.in(mei).writer({ ref: "r" });
  await writer.write(Buffer.from("bytes"));
  await expect(writer.commit()).rejects.toMatchObject({ kind: "already-exists", message: `content ${digest}` });
  expect(changes.at(-1)).toMatchObject({ kind: "ingest", ref: "r", end: { outcome: "existed", digest } });
});

test("an open that declares a blob that is there drops the ingest of its ref", async () => {
  const { metadata, changes } = await openTestMetadata();
  const digest = await put(metadata, "a", "bytes");
  const store = metadata.in(mei);
  const writer = await store.writer({ ref: "r" });
  await writer.write(Buffer.from("by"));
  await writer.close();
  await expect(store.writer({ ref: "r", descriptor: { digest } })).rejects.toMatchObject({ kind: "already-exists" });
  await expect(store.status("r")).rejects.toMatchObject({ kind: "not-found", message: "reference r" });
  expect(changes.at(-1)).toMatchObject({ kind: "ingest", ref: "r", end: { outcome: "existed", digest, size: 2 } });
});

test("an open that waits while its ref is committed is told of the blob, and writes into no ingest that has ended", async () => {
  const { metadata } = await openTestMetadata();
  const store = metadata.in(mei);
  const both = async (index: number): Promise<unknown> => {
    const text = `bytes ${index}`;
    const declared = { ref: `r ${index}`, descriptor: { digest: digestOf(text), size: text.length } };
    const first = await store.writer(declared);
    const second = store.writer(declared);
    await first.write(Buffer.from(text));
    const [committed, opened] = await Promise.allSettled([first.commit(), second]);
    return [committed.status, opened.status === "rejected" ? opened.reason : await opened.value.status()];
  };
  const outcomes = await Promise.all(Array.from({ length: 50 }, (_, index) => both(index)));
  for (const outcome of outcomes) expect(outcome).toMatchObject(["fulfilled", { kind: "already-exists" }]);
  expect(await Array.fromAsync(metadata.ingests(["a"]))).toEqual([]);
});

test("a writer that waited while a commit of its ref was refused is known, and goes on with the bytes", async () => {
  const { metadata } = await openTestMetadata();
  const store = metadata.in(mei);
  const first = await store.writer({ ref: "r" });
  const second = store.writer({ ref: "r" });
  await first.write(Buffer.from("by"));
  await expect(first.commit({ expected: digestOf("bytes") })).rejects.toMatchObject({ kind: "failed-precondition" });
  await using writer = await second;
  expect(await Array.fromAsync(metadata.ingests(["a"]))).toMatchObject([{ status: { offset: 2 }, holder }]);
  await writer.write(Buffer.from("tes"));
  expect(await writer.commit({ expected: digestOf("bytes") })).toBe(digestOf("bytes"));
});

test("a reader sees the ingest or the blob, never both and never neither", async () => {
  const { metadata } = await openTestMetadata();
  const store = metadata.in(mei);
  const digest = digestOf("bytes");
  const writer = await store.writer({ ref: "r" });
  await writer.write(Buffer.from("bytes"));
  const seen = new Set<string>();
  let done = false;
  const commit = writer.commit().finally(() => {
    done = true;
  });
  const look = async (): Promise<void> => {
    const rows = metadata.snapshot();
    const blobs = rows.totals(["a"]).count;
    rows[Symbol.dispose]();
    const ingests = await Array.fromAsync(metadata.ingests(["a"]));
    // The blob may come between the two looks, but it can only come.
    if (blobs === 1) expect(ingests).toHaveLength(0);
    if (ingests.length === 0) expect(await store.info(digest)).toMatchObject({ size: 5 });
    seen.add(`${blobs} ${ingests.length}`);
  };
  while (!done) {
    await look();
    await nextTurn();
  }
  await commit;
  await look();
  expect(seen).toContain("1 0");
});

test("an ingest is listed with its declared total and digest after it was left", async () => {
  const { metadata } = await openTestMetadata();
  const expected = digestOf("soon");
  const store = metadata.in({ namespace: "a" });
  await (await store.writer({ ref: "r", descriptor: { digest: expected, size: 4 } })).close();
  expect(await store.status("r")).toMatchObject({ ref: "r", offset: 0, total: 4, expected });
});

test("ingests are told in the order of namespace and ref, beyond a page", async () => {
  const { metadata } = await openTestMetadata();
  const refs = Array.from({ length: 600 }, (_, number) => `ref-${String((number * 7) % 600).padStart(3, "0")}`);
  for (const [index, ref] of refs.entries()) {
    await (await metadata.in({ namespace: index % 2 === 1 ? "b" : "a" }).writer({ ref })).close();
  }
  const rows = await Array.fromAsync(metadata.ingests("*"));
  const keys = rows.map(({ namespace, status }) => `${namespace} ${status.ref}`);
  expect(keys).toHaveLength(600);
  expect(keys).toEqual(keys.toSorted());
  expect(await Array.fromAsync(metadata.ingests(["b"]))).toHaveLength(300);
});

test("a lease that is not known is refused", async () => {
  const { metadata } = await openTestMetadata();
  await expect(metadata.in({ namespace: "a", lease: "l1" }).writer({ ref: "r" })).rejects.toMatchObject({
    kind: "not-found",
    message: "lease does not exist",
  });
});

test("a ref that cannot be is refused, the longest that can be comes back", async () => {
  const { metadata } = await openTestMetadata();
  const store = metadata.in({ namespace: "a" });
  for (const ref of ["", "x".repeat(1025), `nul${String.fromCharCode(0)}`]) {
    await expect(store.writer({ ref })).rejects.toMatchObject({ kind: "invalid-argument" });
  }
  const longest = "x".repeat(1024);
  await (await store.writer({ ref: longest })).close();
  expect((await store.status(longest)).ref).toBe(longest);
});
