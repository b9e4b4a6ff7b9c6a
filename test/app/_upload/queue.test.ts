import { describe, expect, test } from "vitest";
import type { Queue } from "../../../app/_upload/queue.ts";
import {
  addPicked,
  beginnerOf,
  changed,
  noteHashed,
  noteOffset,
  replaced,
  startable,
  sumUp,
} from "../../../app/_upload/queue.ts";
import type { Stage, Upload } from "../../../app/_upload/upload.ts";
import { digestOf } from "../../server/metadata/support.ts";

const mib = 1024 * 1024;
const fileOf = (name: string, size = 10 * mib) => ({ name, size, lastModified: 1, store: "", namespace: "default" });
const add = (queue: Queue, ...names: readonly string[]) =>
  addPicked(
    queue,
    names.map((name) => fileOf(name)),
  );
const stagesOf = (queue: Queue) => queue.map(({ stage }) => stage.kind);
const idsOf = (uploads: readonly Upload[]) => uploads.map(({ id }) => id);
const failed = (remedy: "retry" | "pick"): Stage => ({ kind: "failed", failure: { text: "no", remedy } });

describe("files that are picked", () => {
  test("are uploads of their own, also two of one name", () => {
    const elsewhere = [
      { ...fileOf("a"), namespace: "moby" },
      { ...fileOf("a"), store: "archive" },
    ];
    const { queue, ids } = addPicked([], [fileOf("a"), ...elsewhere, fileOf("a", 5)]);
    expect(ids).toEqual([1, 2, 3, 4]);
    expect(stagesOf(queue)).toEqual(["queued", "queued", "queued", "queued"]);
  });

  test("are left alone while they are under way or held back, and can be uploaded once more when they are done", () => {
    const { queue } = add([], "a");
    for (const stage of [{ kind: "paused" }, failed("retry")] as const) {
      expect(add(changed(queue, 1, { stage }), "a").ids).toEqual([undefined]);
    }
    expect(add(queue, "a", "b").ids).toEqual([undefined, 2]);
    expect(add(changed(queue, 1, { stage: { kind: "done", outcome: "stored" } }), "a").ids).toEqual([2]);
  });

  test("go on with what an earlier page began of them, and are hashed again for that", () => {
    const expected = digestOf("a");
    const before = changed(add([], "a").queue, 1, { expected, offset: 5, stage: { kind: "unfinished" } });
    expect(beginnerOf(before, fileOf("a"), "")?.id).toBe(1);
    expect(beginnerOf(before, { ...fileOf("a"), lastModified: 2 }, "")).toBeUndefined();
    expect(beginnerOf(before, fileOf("a"), "archive")).toBeUndefined();
    const { queue, ids } = add(before, "a");
    expect([ids, queue.length]).toEqual([[1], 1]);
    expect(queue[0]).toMatchObject({ expected, hashed: 0, stage: { kind: "queued" } });
    expect(idsOf(startable(queue).hash)).toEqual([1]);
  });

  test("take the place of one that changed, of which nothing is gone on with", () => {
    const before = changed(add([], "a").queue, 1, { digest: digestOf("a"), offset: 5, stage: failed("pick") });
    const [upload] = replaced(before, 1, fileOf("b", 7));
    expect(upload).toMatchObject({ id: 1, name: "b", size: 7, offset: 0, stage: { kind: "queued" } });
    expect(upload?.digest).toBeUndefined();
  });
});

describe("what is begun", () => {
  const { queue } = add([], "a", "b", "c", "d", "e");
  const hashedQueue = queue.map((upload) => ({ ...upload, digest: digestOf(upload.name) }));

  test("is one hash, and two that are sent, the first ones", () => {
    expect(idsOf(startable(queue).hash)).toEqual([1]);
    expect(idsOf(startable(hashedQueue).send)).toEqual([1, 2]);
  });

  test("has a place where others are paused, failed, or wait for a lock", () => {
    const sending: Stage = { kind: "sending", samples: [] };
    const locked: Stage = { kind: "locked", since: new Date(), holder: "" };
    const both = changed(changed(hashedQueue, 1, { stage: sending }), 2, { stage: sending });
    expect(idsOf(startable(both).send)).toEqual([]);
    for (const stage of [{ kind: "paused" }, failed("retry"), locked] as const) {
      expect(idsOf(startable(changed(both, 1, { stage })).send)).toEqual([3]);
    }
  });
});

describe("how far an upload is", () => {
  const sending = changed(add([], "a").queue, 1, { stage: { kind: "sending", samples: [] } });
  const at = (queue: Queue, ...offsets: readonly number[]) =>
    offsets.reduce((next, offset, index) => noteOffset(next, 1, offset, index * 4000), queue)[0];

  test("counts as sent what is beyond the offset at which it was opened", () => {
    expect(at(sending, 4 * mib, 8 * mib, 10 * mib)).toMatchObject({ offset: 10 * mib, sent: 6 * mib });
  });

  test("begins anew where the server lost bytes, and counts what is sent twice", () => {
    expect(at(sending, 0, 4 * mib, 1 * mib, 5 * mib)).toMatchObject({ offset: 5 * mib, sent: 8 * mib });
  });

  test("is not moved by what comes late, once it is paused", () => {
    const paused = changed(sending, 1, { stage: { kind: "paused" } });
    expect(noteOffset(paused, 1, 5, 0)).toBe(paused);
    expect(noteHashed(paused, 1, 5, 0)).toBe(paused);
  });

  test("leaves other uploads the same objects", () => {
    const { queue } = add(sending, "b");
    expect(noteOffset(queue, 1, 5, 0)[1]).toBe(queue[1]);
  });
});

test("the sum counts what is stored, also in part, and when all that runs will be", () => {
  let { queue } = add([], "a", "b", "c");
  queue = changed(queue, 1, { stage: { kind: "done", outcome: "stored" } });
  queue = changed(queue, 2, { stage: { kind: "sending", samples: [] } });
  queue = changed(queue, 3, { stage: failed("retry") });
  for (const [index, offset] of [0, 1, 2, 3, 4].entries()) queue = noteOffset(queue, 2, offset * mib, index * 1000);
  const sum = sumUp(queue);
  expect(sum).toMatchObject({ count: 3, done: 1, failed: 1, running: 1, resumable: 1 });
  expect(sum).toMatchObject({ bytes: 30 * mib, storedBytes: 14 * mib });
  expect(sum.rate).toBeCloseTo(mib);
  expect(sum.etaMs).toBeCloseTo(6000);
  expect(sumUp(add([], "a").queue).etaMs).toBeUndefined();
});
