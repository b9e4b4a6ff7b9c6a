import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { guardHalfSent } from "../../../server/listen/half-sent.ts";
import { limits } from "../../../server/listen/limits.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** A message of gRPC or of Connect's streams. */
function message(length: number): Buffer {
  const bytes = Buffer.alloc(5 + length);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

/** A body that a test sends piece by piece, and its reader. */
function openBody(enveloped = true) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const cut = vi.fn();
  const guarded = guardHalfSent(readable, enveloped, cut);
  let asked: Promise<IteratorResult<Uint8Array>> | undefined;
  const read = async (piece: Uint8Array) => {
    await Promise.all([writer.write(piece), asked ?? guarded.next()]);
    asked = undefined;
  };
  return {
    cut,
    guarded,
    /** Send so much and have it read. */
    read,
    /** Send so much, have it read, and have the reader ask for more. */
    async send(...pieces: readonly Uint8Array[]) {
      for (const piece of pieces) await read(piece);
      asked = guarded.next();
      await new Promise(setImmediate);
      return { waiting: asked };
    },
    end: () => writer.close(),
  };
}

describe("a body of messages", () => {
  test.for<[string, readonly Uint8Array[]]>([
    ["in a prefix", [message(10).subarray(0, 3)]],
    ["after a prefix", [message(10).subarray(0, 5)]],
    ["in the data", [message(10).subarray(0, 8)]],
    ["in the second message", [Buffer.concat([message(4), message(10).subarray(0, 6)])]],
    ["in a message of several pieces", [message(10).subarray(0, 6), message(10).subarray(6, 9)]],
  ])("that stops %s is cut after 30 s", async ([, pieces]) => {
    const body = openBody();
    await body.send(...pieces);
    vi.advanceTimersByTime(limits.halfSentMs - 1);
    expect(body.cut).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(body.cut).toHaveBeenCalledOnce();
  });

  test.for<[string, readonly Uint8Array[]]>([
    ["before the first", []],
    ["after a whole one", [message(10)]],
    ["after an empty one", [message(0)]],
    ["after several in one piece", [Buffer.concat([message(1), message(0), message(7)])]],
    ["after one in single bytes", [...message(3)].map((byte) => Uint8Array.of(byte))],
  ])("may be silent %s for as long as it likes", async ([, pieces]) => {
    const body = openBody();
    await body.send(...pieces);
    vi.advanceTimersByTime(100 * limits.halfSentMs);
    expect(body.cut).not.toHaveBeenCalled();
  });

  test("is not cut while its reader is the slow one", async () => {
    const body = openBody();
    await body.read(message(10).subarray(0, 7));
    vi.advanceTimersByTime(100 * limits.halfSentMs);
    expect(body.cut).not.toHaveBeenCalled();
    void body.guarded.next();
    await new Promise(setImmediate);
    vi.advanceTimersByTime(limits.halfSentMs);
    expect(body.cut).toHaveBeenCalledOnce();
  });
});

describe("a body of one message", () => {
  test("is cut when it stops anywhere, and not once it has ended", async () => {
    const stopped = openBody(false);
    await stopped.send(Uint8Array.of(1));
    vi.advanceTimersByTime(limits.halfSentMs);
    expect(stopped.cut).toHaveBeenCalledOnce();
    const whole = openBody(false);
    const { waiting } = await whole.send(Uint8Array.of(1));
    await whole.end();
    expect((await waiting).done).toBe(true);
    vi.advanceTimersByTime(limits.halfSentMs);
    expect(whole.cut).not.toHaveBeenCalled();
  });

  test("gets 30 s anew with every piece", async () => {
    const body = openBody(false);
    for (const byte of [1, 2, 3]) {
      await body.send(Uint8Array.of(byte));
      vi.advanceTimersByTime(limits.halfSentMs - 1);
    }
    expect(body.cut).not.toHaveBeenCalled();
  });
});
