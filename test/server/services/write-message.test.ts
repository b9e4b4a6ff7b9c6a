import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { fromConnectError } from "../../../content/wire.ts";
import { WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { beginWrite, bytesOf, failure, putBlob, serveContent, sha256 } from "./calls.ts";

/** A write that is open on the ref `r`. */
async function openWrite() {
  const { store, client } = serveContent();
  const write = beginWrite(client);
  await write.stat({ ref: "r" });
  return { store, client, write };
}

describe("answers", () => {
  test("to STAT and COMMIT tell times, total, offset and digest, to WRITE the running offset and digest", async () => {
    const { client } = serveContent();
    const write = beginWrite(client);
    const stat = await write.stat({ ref: "r", total: 6n });
    expect(stat).toMatchObject({ action: WriteAction.STAT, total: 6n, offset: 0n });
    expect(stat?.startedAt).toBeDefined();
    expect(stat?.updatedAt).toBeDefined();
    const first = await write.write(0, "abc");
    expect(first).toMatchObject({ action: WriteAction.WRITE, offset: 3n, digest: sha256("abc"), total: 0n });
    expect(first?.startedAt).toBeUndefined();
    await write.write(3, "def");
    const commit = await write.commit(6);
    expect(commit).toMatchObject({ action: WriteAction.COMMIT, offset: 6n, digest: sha256("abcdef"), total: 6n });
    expect(commit?.startedAt).toEqual(stat?.startedAt);
  });

  test("end after a COMMIT, and the ref is free", async () => {
    const { client, store, write } = await openWrite();
    await write.commit(0, { data: bytesOf("abc") });
    await write.end();
    expect((await store.info(sha256("abc"))).size).toBe(3);
    expect((await failure(client.status({ ref: "r" }, { headers: { "containerd-namespace": "n" } }))).code).toBe(
      Code.NotFound,
    );
  });
});

describe("where a message belongs", () => {
  test("is the current offset; another one is out of range and tells it", async () => {
    for (const offset of [1, 4, -1]) {
      const { write } = await openWrite();
      await write.write(0, "abc");
      const error = await failure(write.write(offset, "x"));
      expect([error.code, error.rawMessage]).toEqual([
        Code.OutOfRange,
        `write @${offset} must occur at current offset 3`,
      ]);
      expect(fromConnectError(error).facts.offset).toBe(3);
    }
  });

  test("is the same for a COMMIT", async () => {
    const { write, store } = await openWrite();
    await write.write(0, "abc");
    expect((await failure(write.commit(2))).code).toBe(Code.OutOfRange);
    expect((await store.status("r")).offset).toBe(3);
  });

  test("is 0 for what begins again, WRITE and COMMIT alike", async () => {
    const { write } = await openWrite();
    await write.write(0, "abc");
    expect(await write.write(0, "xy")).toMatchObject({ offset: 2n, digest: sha256("xy") });
    expect(await write.commit(0, { data: bytesOf("z") })).toMatchObject({ offset: 1n, digest: sha256("z") });
    const other = await openWrite();
    await other.write.write(0, "abc");
    expect(await other.write.commit(0)).toMatchObject({ offset: 0n, digest: sha256("") });
  });

  test("is no matter to a STAT", async () => {
    const { write } = await openWrite();
    await write.write(0, "abc");
    expect(await write.stat({ offset: 99n })).toMatchObject({ offset: 3n });
  });
});

describe("what is declared", () => {
  test("is checked at the commit, the last value counts, and a refused commit keeps the ingest", async () => {
    const { write, store } = await openWrite();
    await write.write(0, "abc", { total: 9n });
    const error = await failure(write.commit(3, { total: 4n }));
    expect([error.code, error.rawMessage]).toEqual([
      Code.FailedPrecondition,
      "unexpected commit size 3, expected 4: failed precondition",
    ]);
    expect((await store.status("r")).offset).toBe(3);
  });

  test("of the digest is checked too", async () => {
    const { write, store } = await openWrite();
    await write.write(0, "abc");
    const error = await failure(write.commit(3, { expected: sha256("other") }));
    expect(error.rawMessage).toBe(
      `unexpected commit digest ${sha256("abc")}, expected ${sha256("other")}: failed precondition`,
    );
    expect((await store.status("r")).offset).toBe(3);
  });

  test("as 0, below 0 or empty is unknown and takes nothing back", async () => {
    const { write } = await openWrite();
    await write.write(0, "abc", { total: 3n });
    expect(await write.stat({ total: 0n })).toMatchObject({ total: 3n });
    expect(await write.commit(3, { total: -5n, expected: "" })).toMatchObject({ digest: sha256("abc"), total: 3n });
  });

  test("and exists already ends the write at its open and drops the ingest", async () => {
    const { store, client } = serveContent();
    const expected = await putBlob(store, "abc");
    const error = await failure(beginWrite(client).stat({ ref: "r", expected }));
    expect([error.code, error.rawMessage]).toEqual([Code.AlreadyExists, `content ${expected}: already exists`]);
    await expect(store.status("r")).rejects.toMatchObject({ kind: "not-found" });
  });

  test("later, and exists already, ends it then and drops the ingest", async () => {
    const { store, write } = await openWrite();
    const expected = await putBlob(store, "abc");
    await write.write(0, "xyz");
    const error = await failure(write.stat({ expected }));
    expect(error.rawMessage).toBe(`blob with expected digest ${expected} exists: already exists`);
    await expect(store.status("r")).rejects.toMatchObject({ kind: "not-found" });
    await using _free = await store.writer({ ref: "r" });
  });

  test.for([
    ["a short digest", () => ({ expected: "sha256:abc" }), '"sha256:abc" failed validation: invalid argument'],
    ["a path", () => ({ expected: "../../etc" }), '"../../etc" failed validation: invalid argument'],
    ["a number that is rounded", () => ({ total: 2n ** 53n }), "total 9007199254740992 out of range: invalid argument"],
  ] as const)("is refused when it is %s", async ([, message, text]) => {
    const { client } = serveContent();
    const error = await failure(beginWrite(client).stat({ ref: "r", ...message() }));
    expect([error.code, error.rawMessage]).toEqual([Code.InvalidArgument, text]);
  });
});

describe("what is refused", () => {
  test("a first message without a ref", async () => {
    const error = await failure(beginWrite(serveContent().client).write(0, "abc"));
    expect([error.code, error.rawMessage]).toEqual([
      Code.InvalidArgument,
      "first message must have a reference: invalid argument",
    ]);
  });

  test("an action that is none, such as the old ABORT", async () => {
    const { write, store } = await openWrite();
    await write.write(0, "abc");
    expect((await failure(write.send({ action: -1 as WriteAction }))).code).toBe(Code.InvalidArgument);
    expect((await store.status("r")).offset).toBe(3);
  });

  test("a write whose ingest somebody aborted, at its next message", async () => {
    const { write, store } = await openWrite();
    await write.write(0, "abc");
    await store.abort("r");
    expect((await failure(write.write(3, "def"))).code).toBe(Code.Aborted);
  });

  test("a ref that another write holds", async () => {
    const { client } = await openWrite();
    const error = await failure(beginWrite(client).stat({ ref: "r" }));
    expect(error.code).toBe(Code.Unavailable);
    expect(fromConnectError(error).facts.locked).toMatchObject({ ref: "r" });
  });
});

test("a half-close without a commit keeps the bytes and frees the ref", async () => {
  const { client, write } = await openWrite();
  await write.write(0, "abc");
  await write.end();
  const again = beginWrite(client);
  expect(await again.stat({ ref: "r" })).toMatchObject({ offset: 3n, digest: sha256("abc") });
  expect(await again.commit(3)).toMatchObject({ digest: sha256("abc") });
});
