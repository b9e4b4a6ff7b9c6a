import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { timeFromWire } from "../../../content/wire.ts";
import { bytesOf, putBlob, sha256 } from "./calls.ts";
import { openHeld } from "./held-calls.ts";

const now = new Date("2026-11-29T12:00:00Z");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"], now });
  onTestFinished(() => void vi.useRealTimers());
});

const id = "A".repeat(22);

describe("a writer", () => {
  test("holds its ref from call to call, says until when, and commits", async () => {
    const { stat, write, commit, isHeld, store } = openHeld();
    const { response, writerId = "", lockUntil } = await stat();
    expect(response).toMatchObject({ offset: 0n });
    expect(writerId).toMatch(/^[\w-]{22}$/);
    expect(lockUntil && timeFromWire(lockUntil as never)).toEqual(new Date(now.getTime() + 30_000));
    expect(await write(0, "abc", { writerId })).toMatchObject({ writerId, response: { offset: 3n } });
    expect(await isHeld()).toBe(true);
    const done = await commit(3, { writerId });
    expect(done).toMatchObject({ writerId, response: { digest: sha256("abc"), offset: 3n } });
    expect(done.lockUntil).toBeUndefined();
    expect(await isHeld()).toBe(false);
    expect(await store.info(sha256("abc"))).toMatchObject({ size: 3 });
  });

  test("is let go 30 s after its last call, with its bytes, and the log says so", async () => {
    const { write, isHeld, store, lines } = openHeld();
    await write(0, "abc", { writerId: id });
    await vi.advanceTimersByTimeAsync(29_999);
    await write(3, "d", { writerId: id });
    await vi.advanceTimersByTimeAsync(29_999);
    expect(await isHeld()).toBe(true);
    await vi.advanceTimersByTimeAsync(1);
    expect(await isHeld()).toBe(false);
    expect(await store.status("r")).toMatchObject({ offset: 4 });
    expect(lines).toMatchObject([{ level: 30, namespace: "n", ref: "r" }]);
    expect(await write(4, "e", { writerId: id })).toMatchObject({ response: { offset: 5n } });
  });

  test("lets go at once where it says close, and may come back", async () => {
    const { write, stat, isHeld, commit } = openHeld();
    await write(0, "abc", { writerId: id });
    const closed = await stat({ writerId: id, close: true });
    expect(closed.response).toMatchObject({ offset: 3n });
    expect(closed.lockUntil).toBeUndefined();
    expect(await isHeld()).toBe(false);
    expect(await write(3, "d", { writerId: id, close: true })).toMatchObject({ response: { offset: 4n } });
    expect(await isHeld()).toBe(false);
    expect(await commit(4, { writerId: id })).toMatchObject({ response: { digest: sha256("abcd") } });
  });

  test("that holds nothing has nothing to let go of, and a close begins no ingest", async () => {
    const { stat, commit, store } = openHeld();
    expect((await stat({ writerId: id, close: true })).response).toBeUndefined();
    await commit(0, { writerId: id }, { data: bytesOf("abc") });
    expect((await stat({ writerId: id, close: true })).response).toBeUndefined();
    await expect(store.status("r")).rejects.toMatchObject({ kind: "not-found" });
  });

  test("whose message fails lets go, and the bytes stay", async () => {
    const { write, isHeld, store } = openHeld();
    await write(0, "abc", { writerId: id });
    await expect(write(9, "x", { writerId: id })).rejects.toMatchObject({ kind: "out-of-range", facts: { offset: 3 } });
    expect(await isHeld()).toBe(false);
    expect(await store.status("r")).toMatchObject({ offset: 3 });
  });

  test("whose ingest somebody aborts hears of it at its next call, a repeated one too, and is forgotten", async () => {
    for (const [offset, text] of [
      [3, "def"],
      [0, "abc"],
    ] as const) {
      const { write, stat, store } = openHeld();
      await write(0, "abc", { writerId: id });
      await store.abort("r");
      await expect(write(offset, text, { writerId: id })).rejects.toMatchObject({ kind: "aborted" });
      expect(await stat({ writerId: id })).toMatchObject({ response: { offset: 0n } });
    }
  });
});

describe("a message that is sent again", () => {
  test("takes no effect twice and is answered as before, also at offset 0, where others begin anew", async () => {
    const { write, store } = openHeld();
    const first = await write(0, "abc", { writerId: id });
    expect(await write(0, "abc", { writerId: id })).toEqual(first);
    expect(await write(3, "def", { writerId: id })).toMatchObject({
      response: { offset: 6n, digest: sha256("abcdef") },
    });
    expect(await write(3, "def", { writerId: id })).toMatchObject({
      response: { offset: 6n, digest: sha256("abcdef") },
    });
    expect(await store.status("r")).toMatchObject({ offset: 6 });
    expect(await write(0, "xyz", { writerId: id })).toMatchObject({ response: { offset: 3n, digest: sha256("xyz") } });
  });

  test("is another one where its bytes are others, even so many", async () => {
    const { write } = openHeld();
    await write(0, "abc", { writerId: id });
    expect(await write(0, "xyz", { writerId: id })).toMatchObject({ response: { digest: sha256("xyz") } });
    await expect(write(1, "yz!", { writerId: id })).rejects.toMatchObject({ kind: "out-of-range" });
  });

  test("may be a COMMIT, for 30 s; what else comes then is refused, and nothing is begun", async () => {
    const { write, commit, store } = openHeld();
    await write(0, "abc", { writerId: id });
    const done = await commit(3, { writerId: id });
    expect(await commit(3, { writerId: id })).toEqual(done);
    const other = commit(3, { writerId: id }, { total: 9n });
    await expect(other).rejects.toMatchObject({ kind: "failed-precondition" });
    expect(await commit(3, { writerId: id })).toEqual(done);
    await vi.advanceTimersByTimeAsync(30_000);
    await expect(commit(3, { writerId: id })).rejects.toMatchObject({ kind: "out-of-range", facts: { offset: 0 } });
    const expected = sha256("abc");
    await expect(commit(3, { writerId: id }, { expected })).rejects.toMatchObject({ kind: "already-exists" });
    expect(await Array.fromAsync(store.listStatuses())).toEqual([]);
  });

  test("may be a whole write of a client that made the id itself", async () => {
    const { commit } = openHeld();
    const done = await commit(0, { writerId: id }, { data: bytesOf("abc") });
    expect(await commit(0, { writerId: id }, { data: bytesOf("abc") })).toEqual(done);
  });

  test("is not known once so many other answers are kept", async () => {
    const { commit } = openHeld({ answers: 2 });
    const ids = ["A", "B", "C"].map((letter) => letter.repeat(22));
    for (const [at, writerId] of ids.entries())
      await commit(0, { writerId }, { data: bytesOf(`${at}`), ref: `r${at}` });
    const again = (at: number) => commit(0, { writerId: ids[at] ?? "" }, { data: bytesOf(`${at}`), ref: `r${at}` });
    await expect(again(0)).rejects.toMatchObject({ kind: "already-exists" });
    expect(await again(2)).toMatchObject({ response: { digest: sha256("2") } });
  });
});

describe("a writer that is not known", () => {
  test("goes on at the offset that is there, as after a restart; another offset is out of range", async () => {
    const { write, commit, restart } = openHeld();
    await write(0, "abc", { writerId: id });
    restart();
    await expect(write(6, "ghi", { writerId: id })).rejects.toMatchObject({
      kind: "out-of-range",
      facts: { offset: 3 },
    });
    expect(await write(3, "def", { writerId: id })).toMatchObject({ writerId: id, response: { offset: 6n } });
    expect(await commit(6, { writerId: id })).toMatchObject({ response: { digest: sha256("abcdef") } });
  });

  test("is refused in containerd's words where another writer holds the ref", async () => {
    const { write } = openHeld();
    await write(0, "abc");
    const error = await write(3, "def", { writerId: id }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: "unavailable",
      message: expect.stringMatching(/^ref r locked for \S+ \(since /),
    });
  });

  test("is that of another identity or namespace", async () => {
    const { write } = openHeld();
    await write(0, "abc", { writerId: id, identity: "mei" });
    for (const other of [{ identity: "ada" }, { identity: "mei", namespace: "other" }]) {
      await expect(write(3, "d", { writerId: id, ...other })).rejects.toMatchObject({ kind: "unavailable" });
    }
    expect(await write(3, "d", { writerId: id, identity: "mei" })).toMatchObject({ response: { offset: 4n } });
  });

  test.for(["x", "A".repeat(23), "A".repeat(21).concat("/"), "../../etc/passwd------"])(
    "has no id such as %s",
    async (writerId) => {
      await expect(openHeld().stat({ writerId })).rejects.toMatchObject({ kind: "invalid-argument" });
    },
  );
});

describe("calls of one writer at once", () => {
  test("follow one another, the last of three is refused, and one that is given up leaves the line", async () => {
    const { stat, write, commit } = openHeld();
    await stat({ writerId: id });
    const gone = new AbortController();
    const first = write(0, "abc", { writerId: id });
    const second = write(3, "x", { writerId: id, signal: gone.signal });
    const third = write(3, "y", { writerId: id });
    gone.abort();
    const fourth = write(3, "def", { writerId: id });
    const outcomes = await Promise.allSettled([first, second, third, fourth]);
    expect(outcomes).toMatchObject([
      { value: { response: { offset: 3n } } },
      { reason: { kind: "cancelled" } },
      { reason: { kind: "unavailable", message: "calls of this writer are under way; wait for their answers" } },
      { value: { response: { offset: 6n } } },
    ]);
    expect(await commit(6, { writerId: id })).toMatchObject({ response: { digest: sha256("abcdef") } });
  });

  test("that are the same take effect once", async () => {
    const { write, commit } = openHeld();
    const [one, two] = await Promise.all([write(0, "abc", { writerId: id }), write(0, "abc", { writerId: id })]);
    expect(two).toEqual(one);
    const done = await Promise.all([commit(3, { writerId: id }), commit(3, { writerId: id })]);
    expect(done.map(({ response }) => response?.digest)).toEqual([sha256("abc"), sha256("abc")]);
  });
});

describe("so many writers", () => {
  test("are held by an identity, and one more is told what to do; whoever lets go makes place", async () => {
    const { stat } = openHeld({ perIdentity: 2 });
    const one = await stat({}, "1");
    await stat({}, "2");
    await expect(stat({}, "3")).rejects.toMatchObject({
      kind: "resource-exhausted",
      message: "more than 2 writers you hold; commit some, or let go of them with close",
    });
    await stat({ identity: "mei" }, "4");
    await stat({ writerId: one.writerId ?? "", close: true }, "1");
    await stat({}, "3");
    await expect(stat({}, "1")).rejects.toMatchObject({ kind: "resource-exhausted" });
    await vi.advanceTimersByTimeAsync(30_000);
    await Promise.all([stat({}, "5"), stat({}, "6")]);
  });

  test("are held by all together, and an open that fails takes no place", async () => {
    const { stat, store } = openHeld({ overall: 1 });
    await putBlob(store, "abc");
    await expect(stat({}, "")).rejects.toMatchObject({ kind: "invalid-argument" });
    await stat({ identity: "mei" });
    await expect(stat({ identity: "ada" }, "2")).rejects.toMatchObject({ kind: "resource-exhausted" });
  });
});

test("a server that stops lets go of all, the called ones after their call, and holds no more", async () => {
  const { stat, write, isHeld, stopping, store } = openHeld();
  await write(0, "abc", { writerId: id });
  await stat({}, "idle");
  const called = stat({}, "called");
  stopping.abort();
  expect((await called).lockUntil).toBeUndefined();
  for (const ref of ["r", "idle", "called"]) expect(await isHeld(ref)).toBe(false);
  expect(await store.status("r")).toMatchObject({ offset: 3 });
  expect(vi.getTimerCount()).toBe(0);
});

test("a writer is let go at once when its caller may not go on, and what it wrote stays", async () => {
  const { write, isHeld, store } = openHeld();
  const ending = new AbortController();
  await write(0, "abc", { ended: ending.signal });
  expect(await isHeld()).toBe(true);
  ending.abort();
  // Each look moves the clock, which would let go of it after 30 s.
  await expect.poll(() => isHeld(), { timeout: 10_000 }).toBe(false);
  expect((await store.status("r")).offset).toBe(3);
});
