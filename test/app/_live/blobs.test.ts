import { expect, onTestFinished, test } from "vitest";
import type { BlobQuery } from "../../../app/_live/blobs.ts";
import { createLiveBlobs } from "../../../app/_live/blobs.ts";
import { isPaused, pauseStore, togglePause } from "../../../app/_live/pause.ts";
import { ContentError } from "../../../content/errors.ts";
import type { BlobEvent } from "../../../content/remote/events.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { createTestLink } from "./link.ts";
import { showPage } from "./page.ts";
import { blobOf, bookmark } from "./rows.ts";

showPage();

const newest: BlobQuery = { selection: { namespaces: ["*"] }, orderBy: "created_at desc", limit: 3, tries: 0 };
const begin: BlobEvent = { kind: "begin", source: "stream", heartbeatMs: 10_000 };
const blobs = (...hexes: readonly string[]): BlobEvent => ({ kind: "blobs", blobs: hexes.map((hex) => blobOf(hex)) });

function follow(query = newest) {
  const link = createTestLink();
  const live = createLiveBlobs("Blobs", link);
  const show = (asked: BlobQuery) => {
    const stop = live.show(asked);
    onTestFinished(stop);
    return stop;
  };
  const stop = show(query);
  const starts = () => live.get().rows.map(({ row }) => row.info.digest.slice(7, 8));
  return { link, live, show, stop, starts, until: (is: () => boolean) => waitUntil(is) };
}

test("the query is asked as it is", async () => {
  const { link, until } = follow();
  await until(() => link.asked.length === 1);
  expect(link.asked[0]).toMatchObject({ orderBy: "created_at desc", limit: 3, selection: { namespaces: ["*"] } });
});

test("first rows are shown before the set is whole", async () => {
  const { link, live, until } = follow();
  link.send(begin, blobs("a"));
  await until(() => live.get().rows.length === 1);
  expect(live.get()).toMatchObject({ isComplete: false, isPending: false });
  link.send(blobs("b"), bookmark(2));
  await until(() => live.get().isComplete);
  expect(live.get().totals).toMatchObject({ count: 2 });
});

test("rows are in the order of the query, whenever they came", async () => {
  const { link, starts, until } = follow({ ...newest, orderBy: "digest" });
  link.send(begin, blobs("c"), bookmark(1), blobs("a", "b"));
  await until(() => starts().length === 3);
  expect(starts()).toEqual(["a", "b", "c"]);
});

test("an empty answer is complete, and no waiting", async () => {
  const { link, live, until } = follow();
  link.send(begin, bookmark(0));
  await until(() => live.get().isComplete);
  expect(live.get()).toMatchObject({ rows: [], isPending: false });
});

test("rows of the last query stay until the next one is answered whole", async () => {
  const { link, live, show, stop, starts, until } = follow();
  link.send(begin, blobs("a"), bookmark(1));
  await until(() => live.get().isComplete);
  stop();
  show({ ...newest, selection: { regexp: "b", namespaces: ["*"] } });
  expect(live.get()).toMatchObject({ isPending: true, query: newest });
  link.send(begin, blobs("b"));
  expect(starts()).toEqual(["a"]);
  link.send(bookmark(1));
  await until(() => starts()[0] === "b");
  expect(live.get().isPending).toBe(false);
});

test("of a query that takes long to be answered whole the rows that came are shown in place of the last ones", async () => {
  const { link, live, show, stop, starts, until } = follow();
  link.send(begin, blobs("a"), bookmark(1));
  await until(() => live.get().isComplete);
  stop();
  const next = { ...newest, orderBy: "digest" };
  show(next);
  link.send(begin, blobs("b"));
  await until(() => starts().join("") === "b");
  expect(live.get()).toMatchObject({ query: next, isComplete: false, isPending: false });
  expect(live.get()).toMatchObject({ totals: { count: 1 }, isReordered: true });
});

test("the first rows of another order take the place of the last ones at once, with the totals that are known", async () => {
  const { link, live, show, stop, starts, until } = follow();
  link.send(begin, blobs("a"), bookmark(500));
  await until(() => live.get().isComplete);
  stop();
  const next = { ...newest, orderBy: "digest", limit: 1000 };
  show(next);
  const hexes = Array.from({ length: 100 }, (_, index) => `b${index.toString(16).padStart(2, "0")}`);
  link.send(begin, blobs(...hexes));
  await until(() => starts().length === 100);
  expect(live.get()).toMatchObject({ query: next, isComplete: false, isReordered: true, totals: { count: 500 } });
  link.send(blobs("c"), bookmark(501));
  await until(() => live.get().isComplete);
  expect(live.get()).toMatchObject({ totals: { count: 501 } });
  expect(live.get().isReordered).toBeUndefined();
  expect(starts().length).toBe(101);
});

test("a query that the server refuses leaves the rows of the one before, with the reason", async () => {
  const { link, live, show, stop, starts, until } = follow();
  link.send(begin, blobs("a"), bookmark(1));
  await until(() => live.get().isComplete);
  stop();
  show({ ...newest, selection: { regexp: "(", namespaces: ["*"] } });
  link.fail(new ContentError("invalid-argument", "missing closing )"));
  await until(() => live.get().error !== undefined);
  expect(live.get().error?.message).toBe("missing closing )");
  expect(starts()).toEqual(["a"]);
});

test("a blob that is deleted is marked as gone, one that left the window goes at once", async () => {
  const { link, live, starts, until } = follow();
  link.send(begin, blobs("a", "b", "c"), bookmark(3));
  await until(() => live.get().isComplete);
  const [a, b] = [blobOf("a"), blobOf("b")];
  link.send(
    { kind: "removed", namespace: "default", digest: a.info.digest, leftSelection: false },
    { kind: "removed", namespace: "default", digest: b.info.digest, leftSelection: true },
  );
  await until(() => starts().length === 2);
  // All are of one moment, so that the order is that of digests, newest first: c, then a.
  expect(live.get().rows.map(({ goneAt }) => goneAt !== undefined)).toEqual([false, true]);
});

test("when the set is told anew nothing is doubled, and rows beyond the window are not taken for deleted", async () => {
  const { link, live, starts, until } = follow({ ...newest, orderBy: "digest", limit: 2 });
  link.send(begin, blobs("b", "d"), bookmark(4));
  await until(() => live.get().isComplete);
  link.send(begin, blobs("a", "b"), bookmark(5));
  await until(() => live.get().totals?.count === 5);
  expect(starts()).toEqual(["a", "b"]);
  expect(live.get().rows.every(({ goneAt }) => goneAt === undefined)).toBe(true);
});

test("a paused page shows what it showed, counts what waits, and shows all of it once it goes on", async () => {
  const { link, live, starts, until } = follow();
  link.send(begin, blobs("a"), bookmark(1));
  await until(() => live.get().isComplete);
  togglePause();
  onTestFinished(() => {
    if (isPaused()) togglePause();
  });
  link.send(blobs("b"), blobs("c"));
  await until(() => pauseStore.get().waiting === 2);
  expect(starts()).toEqual(["a"]);
  togglePause();
  expect(starts()).toEqual(["c", "b", "a"]);
  expect(pauseStore.get()).toEqual({ waiting: 0 });
});
