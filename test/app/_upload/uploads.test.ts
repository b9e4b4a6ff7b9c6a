import { createHash } from "node:crypto";
import { expect, onTestFinished, test, vi } from "vitest";
import { FileError } from "../../../app/_upload/failure.ts";
import type { FileHash } from "../../../app/_upload/hash-file.ts";
import { uploadRef } from "../../../app/_upload/send-file.ts";
import type { Stage, Upload } from "../../../app/_upload/upload.ts";
import { createUploads } from "../../../app/_upload/uploads.ts";
import type { Digest } from "../../../content/digest.ts";
import { ContentError } from "../../../content/errors.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Store, Writer } from "../../../content/store.ts";
import { digestOf, get, openTestMetadata, put } from "../../server/metadata/support.ts";
import { waitUntil } from "../../support/wait-until.ts";

/** Hashes as the worker does, in this thread. */
function hashHere(file: Blob): FileHash {
  const read = async () =>
    makeDigest(
      "sha256",
      createHash("sha256")
        .update(await file.bytes())
        .digest("hex"),
    );
  return { digest: read(), pause: () => undefined, resume: () => undefined, end: () => undefined };
}

const place = { store: "", namespace: "default" };
const fileOf = (name: string, text = name) => new File([text], name, { lastModified: 1 });

/** Uploads of a page to a store in this process. @param around what stands between them */
async function openUploads(
  around: (store: Store) => Store = (store) => store,
  hash: (file: File) => FileHash = hashHere,
) {
  const { metadata } = await openTestMetadata();
  const store = metadata.in({ namespace: "default" });
  const begun: string[] = [];
  const ended: string[] = [];
  const uploads = createUploads({
    hash,
    storeOf: ({ namespace }) => around(metadata.in({ namespace })),
    onBegun: ({ name }) => begun.push(name),
    onEnded: ({ name }) => ended.push(name),
  });
  const upload = (id = 1) => uploads.get().find((each) => each.id === id);
  const until = <Kind extends Stage["kind"]>(kind: Kind, id = 1) =>
    waitUntil(() => (upload(id)?.stage.kind === kind ? (upload(id)?.stage as Stage & { kind: Kind }) : undefined));
  const isLocked = async (digest: Digest) => {
    const opened = store.writer({ ref: uploadRef(digest), waitMs: 0 });
    return await opened.then(
      async (writer: Writer) => {
        await writer.close();
        return false;
      },
      () => true,
    );
  };
  return { metadata, store, uploads, upload, until, begun, ended, isLocked };
}

/** A store whose writers do something else than write. */
function withWrite(write: (writer: Writer, data: Uint8Array) => Promise<void>): (store: Store) => Store {
  return (store) => ({
    ...store,
    async writer(...asked) {
      const writer = await store.writer(...asked);
      return { ...writer, write: (data) => write(writer, data) };
    },
  });
}

test("files become blobs with their labels, and what was there already is not sent", async () => {
  const { metadata, store, uploads, until, upload, ended } = await openUploads();
  await put(metadata, "default", "b");
  uploads.add([fileOf("a"), fileOf("b"), fileOf("empty", "")], place);
  expect((await until("done")).outcome).toBe("stored");
  expect((await until("done", 2)).outcome).toBe("here");
  expect((await until("done", 3)).outcome).toBe("stored");
  expect(await get(store, digestOf("a"))).toBe("a");
  const { labels } = await store.info(digestOf("a"));
  expect(Date.parse(labels["containerd.io/gc.root"] ?? "")).toBeGreaterThan(Date.now() - 60_000);
  expect([upload(1)?.sent, upload(2)?.sent]).toEqual([1, 0]);
  expect(ended.toSorted()).toEqual(["a", "b", "empty"]);
  uploads.clearDone();
  expect(uploads.get()).toEqual([]);
});

test("what is paused holds no lock, and goes on at its offset", async () => {
  const offsets: number[] = [];
  const held = Promise.withResolvers<void>();
  const around = withWrite(async (writer, data) => {
    const { offset } = await writer.status();
    offsets.push(offset);
    if (offset > 0 && offsets.length === 2) await held.promise;
    await writer.write(data);
  });
  const bytes = "x".repeat(9 * 1024 * 1024);
  const { uploads, until, isLocked } = await openUploads(around);
  uploads.add([fileOf("a", bytes)], place);
  await waitUntil(() => offsets.length === 2);
  expect(await isLocked(digestOf(bytes))).toBe(true);
  uploads.pause(1);
  held.resolve();
  await waitUntil(async () => !(await isLocked(digestOf(bytes))));
  await until("paused");
  uploads.resume(1);
  await until("done");
  expect(offsets.length).toBeGreaterThan(2);
  expect(offsets).toEqual([...new Set(offsets)].toSorted((a, b) => a - b));
});

test("a ref that another writer holds is waited for, and says since when", async () => {
  const { store, uploads, until, upload } = await openUploads();
  const writer = await store.writer({ ref: uploadRef(digestOf("a")) });
  uploads.add([fileOf("a")], place);
  expect(Date.now() - (await until("locked")).since.getTime()).toBeLessThan(60_000);
  await writer.write(Buffer.from("a"));
  await writer.commit();
  expect((await until("done")).outcome).toBe("here");
  expect(upload()?.sent).toBe(0);
});

test("a cancel drops what the server has, and nothing under another writer", async () => {
  const never = withWrite(() => new Promise(() => undefined));
  const { store, uploads, until, ended } = await openUploads(never);
  const ref = uploadRef(digestOf("a"));
  const other = await store.writer({ ref });
  uploads.add([fileOf("a")], place);
  await until("locked");
  await uploads.cancel(1);
  expect(uploads.get()).toEqual([]);
  expect(ended).toEqual(["a"]);
  await store.status(ref);
  await other.write(Buffer.from("a"));
  await other.close();
  const expected = digestOf("a");
  const begun: Upload = {
    ...fileOf("a"),
    name: "a",
    size: 1,
    lastModified: 1,
    ...place,
    id: 0,
    expected,
    hashed: 0,
    offset: 1,
    sent: 0,
    stage: { kind: "unfinished" },
  };
  uploads.addUnfinished([begun]);
  await uploads.cancel(1);
  await expect(store.status(ref)).rejects.toMatchObject({ kind: "not-found" });
});

test("what an earlier page began goes on with the right file only", async () => {
  const { store, uploads, until, upload } = await openUploads();
  const ref = uploadRef(digestOf("ab"));
  await using writer = await store.writer({ ref, descriptor: { size: 2 } });
  await writer.write(Buffer.from("a"));
  await writer.close();
  const facts = { name: "f", size: 2, lastModified: 1, ...place };
  const stage = { kind: "unfinished" } as const;
  uploads.addUnfinished([{ ...facts, id: 0, expected: digestOf("ab"), hashed: 0, offset: 1, sent: 0, stage }]);
  uploads.pickFor(1, fileOf("f", "abc"));
  expect((await until("unfinished")).fault).toContain("another size");
  uploads.pickFor(1, fileOf("f", "xx"));
  await waitUntil(() => upload()?.stage.kind === "unfinished");
  expect((await until("unfinished")).fault).toContain("not those that were begun");
  uploads.add([fileOf("f", "ab")], place);
  await until("done");
  expect(upload()?.sent).toBe(1);
  expect(uploads.get()).toHaveLength(1);
});

test.each([
  ["resource-exhausted", "retry", "no room"],
  ["unavailable", "server", "The server does not answer"],
  ["cancelled", "server", "The server stopped"],
  ["aborted", "retry", "Somebody aborted"],
] as const)("an upload that fails because of %s says why, and can be tried again", async (kind, remedy, words) => {
  let isBroken = true;
  const around = withWrite(async (writer, data) => {
    if (isBroken) throw new ContentError(kind, "why");
    await writer.write(data);
  });
  // Tries come at once.
  vi.spyOn(Math, "random").mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  const { uploads, until, isLocked } = await openUploads(around);
  uploads.add([fileOf("a")], place);
  const { failure } = await until("failed");
  expect(failure).toMatchObject({ remedy, text: expect.stringContaining(words) });
  expect(await isLocked(digestOf("a"))).toBe(false);
  isBroken = false;
  uploads.resume(1);
  await until("done");
});

test("a file that changes between its hash and its sending leaves nothing behind, and is hashed anew", async () => {
  let digest = digestOf("b");
  const hash = (): FileHash => ({ ...hashHere(fileOf("a")), digest: Promise.resolve(digest) });
  const { store, uploads, until } = await openUploads((below) => below, hash);
  uploads.add([fileOf("a")], place);
  expect((await until("failed")).failure).toMatchObject({ remedy: "retry", text: expect.stringContaining("refused") });
  await expect(store.status(uploadRef(digest))).rejects.toMatchObject({ kind: "not-found" });
  digest = digestOf("a");
  uploads.resume(1);
  await until("done");
});

test("a file that cannot be read any more has to be picked again, and another may take its place", async () => {
  const gone: FileHash = { ...hashHere(fileOf("a")), digest: Promise.reject(new FileError("It changed")) };
  gone.digest.catch(() => undefined);
  const hash = (file: File) => (file.name === "gone" ? gone : hashHere(file));
  const { uploads, until, upload } = await openUploads((below) => below, hash);
  uploads.add([fileOf("gone")], place);
  expect((await until("failed")).failure).toEqual({ remedy: "pick", text: "It changed" });
  uploads.resume(1);
  expect(upload()?.stage.kind).toBe("failed");
  uploads.pickFor(1, fileOf("b"));
  await until("done");
  expect(upload()?.digest).toBe(digestOf("b"));
});
