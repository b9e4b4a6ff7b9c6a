import { expect, onTestFinished, test } from "vitest";
import type { BlobRow, Change } from "../../../server/feed/change.ts";
import { createFeed } from "../../../server/feed/feed.ts";
import { nextTurn } from "../../../server/feed/turns.ts";
import { watchBlobs } from "../../../server/feed/watch-blobs.ts";
import type { Snapshot } from "../../../server/metadata/metadata.ts";
import { createReader, quick } from "./reader.ts";
import { digestOf } from "./table.ts";

const readers = 50;
const changes = 20_000;
const rows = 200;

/** A feed over rows that begin empty; a view of it is empty too, so that what readers hold came from changes alone. */
function open() {
  const feed = createFeed();
  const totals = { count: 0, bytes: 0 };
  const snapshot = (): Snapshot => ({
    sequence: feed.sequence,
    page: () => [],
    totals: () => totals,
    [Symbol.dispose]: () => undefined,
  });
  async function* scan() {
    yield { rows: [], last: undefined, sequence: feed.sequence };
  }
  const count = () => ({ totals, done: Promise.resolve(feed.sequence) });
  const held = new Map<number, BlobRow>();
  function put(number: number): Change {
    const at = new Date(feed.sequence);
    const info = { digest: digestOf(number), size: 1, createdAt: at, updatedAt: at, labels: {} };
    const [before, after] = [held.get(number), { namespace: "a", info }];
    held.set(number, after);
    return feed.number({
      kind: "blob",
      namespace: "a",
      digest: info.digest,
      elsewhere: [],
      after,
      ...(before && { before }),
    });
  }
  return { metadata: { feed, snapshot, scan, count }, held, put: (number: number) => feed.publish(put(number)) };
}

test("fifty readers of twenty thousand changes of two hundred rows are told few of them, and end with the last of each", async () => {
  const { metadata, held, put } = open();
  const left = new AbortController();
  onTestFinished(() => left.abort());
  const options = { timing: quick, stopping: new AbortController().signal, signal: left.signal };
  const watch = { selection: {}, namespace: "a", follow: true, orderBy: "", limit: 0, minIntervalMs: 60_000 };
  let told = 0;
  const following = Array.from({ length: readers }, async () => {
    const reader = createReader(watchBlobs(metadata, watch, options));
    await reader.complete();
    const end = await reader.until((event) => {
      if (event.kind === "blobs") told += event.rows.length;
      return event.kind === "blobs" && reader.blobs.size > rows;
    });
    return { reader, end };
  });
  for (let waiting = 0; waiting < 2 * readers; waiting += 1) await nextTurn();
  for (let number = 0; number < changes; number += 1) {
    put(number % rows);
    if (number % 1000 === 0) await nextTurn();
  }
  put(rows);
  for (const { reader } of await Promise.all(following)) {
    expect(reader.kinds.filter((kind) => kind === "begin")).toHaveLength(1);
    expect([...reader.blobs.keys()].toSorted()).toEqual(
      [...held.values()].map(({ info }) => `a ${info.digest}`).toSorted(),
    );
  }
  // Each row once for the first of its changes; the rest waits for the interval, one entry a row.
  expect(told).toBeLessThanOrEqual(readers * (rows + 1) * 2);
});
