import { expect, test } from "vitest";
import type { BlobRow, IngestRow } from "../../../server/feed/change.ts";
import { createChangeLog } from "../../../server/feed/change-log.ts";
import { createFeed } from "../../../server/feed/feed.ts";
import { digestOf } from "./table.ts";

const limits = { ageMs: 60_000, entries: 10, bytes: 100_000 };
const time = new Date(0);
const end = { outcome: "aborted", size: 0, by: "", endedAt: time } as const;

function ingest(ref: string, offset: number, lockedAt?: Date): IngestRow {
  const status = { ref, offset, total: 0, startedAt: time, updatedAt: time };
  return { namespace: "n", status, holder: "", lastError: "", ...(lockedAt && { lockedAt }) };
}

function blob(number: number, label = ""): BlobRow {
  return {
    namespace: "n",
    info: { digest: digestOf(number), size: 1, createdAt: time, updatedAt: time, labels: { label } },
  };
}

/** A feed with a small log, and what may happen. */
function open(entries = limits.entries) {
  const feed = createFeed(createChangeLog({ ...limits, entries }));
  return {
    feed,
    putBlob: (row: BlobRow) =>
      feed.number({ kind: "blob", namespace: "n", digest: row.info.digest, after: row, elsewhere: [row] }),
    openIngest: (ref: string) => {
      feed.number({ kind: "ingest", namespace: "n", ref, before: ingest(ref, 0), after: ingest(ref, 0, time) });
    },
    write: (ref: string, offset: number) => {
      const [before, after] = [ingest(ref, offset - 1, time), ingest(ref, offset, time)];
      feed.number({ kind: "ingest", namespace: "n", ref, before, after });
    },
    endIngest: (ref: string) => feed.number({ kind: "ingest", namespace: "n", ref, before: ingest(ref, 1, time), end }),
  };
}

test("changes are in the log once they are numbered, before anybody is told", () => {
  const { feed, putBlob } = open();
  putBlob(blob(1));
  expect(feed.told).toBe(0);
  expect(feed.log.blobsSince(0)).toMatchObject([{ sequence: 1, digest: digestOf(1) }]);
});

test("a writer that writes on and on pushes nothing out", () => {
  const { feed, putBlob, openIngest, write, endIngest } = open();
  putBlob(blob(1));
  openIngest("fast");
  endIngest("other");
  const { sequence } = feed;
  for (let offset = 1; offset <= 1000; offset += 1) write("fast", offset);
  expect(feed.log.blobsSince(0)).toHaveLength(1);
  const logged = feed.log.ingestsSince(0);
  expect(logged?.ends.map(({ ref }) => ref)).toEqual(["other"]);
  expect(logged?.changed("n", "fast")).toBe(true);
  expect(feed.log.ingestsSince(sequence)?.changed("n", "fast")).toBe(false);
});

test("a ref that is opened and let go again and again takes one place", () => {
  const { feed, openIngest } = open(2);
  openIngest("first");
  for (let time = 0; time < 1000; time += 1) openIngest("busy");
  expect(feed.log.ingestsSince(0)?.changed("n", "first")).toBe(true);
});

test("ends of ingests push out no change of a blob, and the other way round", () => {
  const { feed, putBlob, endIngest } = open();
  putBlob(blob(0));
  for (let number = 0; number < 20; number += 1) endIngest(`r${number}`);
  expect(feed.log.blobsSince(0)).toHaveLength(1);
  expect(feed.log.ingestsSince(0)).toBeUndefined();
  const { sequence } = feed;
  endIngest("last");
  for (let number = 0; number < 20; number += 1) putBlob(blob(number));
  expect(feed.log.blobsSince(0)).toBeUndefined();
  expect(feed.log.ingestsSince(sequence)?.ends.map(({ ref }) => ref)).toEqual(["last"]);
});

test("more open ingests than are remembered are not told as if nothing happened", () => {
  const { feed, openIngest } = open(2);
  for (const ref of ["a", "b", "c"]) openIngest(ref);
  expect(feed.log.ingestsSince(0)).toBeUndefined();
  expect(feed.log.ingestsSince(1)?.changed("n", "c")).toBe(true);
});

test("long labels count: the log is bounded in bytes", () => {
  const { feed, putBlob } = open();
  for (let number = 0; number < 10; number += 1) putBlob(blob(number, "x".repeat(10_000)));
  expect(feed.log.blobsSince(0)).toBeUndefined();
  expect(feed.log.blobsSince(feed.sequence - 4)).toHaveLength(4);
});
