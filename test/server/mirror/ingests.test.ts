import { expect, onTestFinished, test } from "vitest";
import type { IngestChange } from "../../../server/feed/change.ts";
import { createRateMeter } from "../../../server/feed/rate.ts";
import { feedTiming } from "../../../server/feed/timing.ts";
import { watchIngests } from "../../../server/feed/watch-ingests.ts";
import { digestOf, openTestMetadata } from "../metadata/support.ts";
import { follow, openTestMirror, quick, sourceOver } from "./support.ts";

/** A source with a namespace, and a mirror of it that somebody follows. Only ingests are looked at again by themselves. */
async function openFollowed(allowChanges = false) {
  const { metadata } = await openTestMetadata();
  await metadata.namespaces.create("n", {});
  const timing = { ...quick, leastMs: 60_000 };
  const { mirror } = await openTestMirror({ source: sourceOver(metadata), allowChanges, timing });
  await mirror.ready();
  const { changes } = follow(mirror);
  const ingests = () => changes.filter((change): change is IngestChange => change.kind === "ingest");
  return { metadata, mirror, changes, ingests, there: metadata.in({ namespace: "n" }) };
}

test("an ingest is told as it grows, and as committed, with its blob, where the digest that it declared is stored", async () => {
  const { mirror, there, ingests, changes } = await openFollowed();
  const digest = digestOf("hello");
  const writer = await there.writer({ ref: "r", descriptor: { digest, size: 5 } });
  await writer.write(Buffer.from("hel"));
  await expect.poll(() => ingests().at(-1)?.after?.status.offset).toBe(3);
  expect(ingests().at(-1)?.after).toMatchObject({ polled: true, holder: "", status: { total: 5, expected: digest } });
  expect(await Array.fromAsync(mirror.ingests(["n"]))).toMatchObject([{ status: { ref: "r", offset: 3 } }]);
  expect(mirror.catalog.namespaces()).toMatchObject([{ name: "n", ingests: 1 }]);
  await writer.write(Buffer.from("lo"));
  await expect.poll(() => ingests().at(-1)?.after?.status.offset).toBe(5);
  await writer.commit();
  await expect.poll(() => changes.at(-1)).toMatchObject({ kind: "blob", digest });
  expect(changes.at(-2)).toMatchObject({
    kind: "ingest",
    ref: "r",
    end: { outcome: "committed", digest, size: 5, by: "" },
  });
  expect(await Array.fromAsync(mirror.ingests("*"))).toEqual([]);
});

test("of an ingest that is gone without a trace nobody knows how it ended", async () => {
  const { there, ingests } = await openFollowed();
  await using writer = await there.writer({ ref: "r" });
  await writer.write(Buffer.from("lost"));
  await expect.poll(() => ingests().at(-1)?.after?.status.offset).toBe(4);
  await there.abort("r");
  await expect.poll(() => ingests().at(-1)?.end).toMatchObject({ outcome: "unknown", size: 4 });
});

test("an ingest that began anew under its ref is another one", async () => {
  const { there, ingests } = await openFollowed();
  await using first = await there.writer({ ref: "r" });
  await first.write(Buffer.from("first"));
  await expect.poll(() => ingests().length).toBeGreaterThan(0);
  await there.abort("r");
  await using second = await there.writer({ ref: "r" });
  await expect.poll(() => ingests().filter(({ end }) => end).length).toBe(1);
  await expect.poll(() => ingests().at(-1)?.after).toMatchObject({ status: await second.status() });
});

test("a stream tells of it that its state is not known, and how fast it is", async () => {
  const { mirror, there } = await openFollowed();
  await using writer = await there.writer({ ref: "r" });
  await writer.write(Buffer.from("some"));
  await expect.poll(() => Array.fromAsync(mirror.ingests("*"))).toHaveLength(1);
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const timing = { ...feedTiming, tickMs: 50 };
  const watch = { selection: {}, namespace: "n", follow: true, resumeToken: "", identity: "" };
  const options = { timing, stopping: ended.signal, signal: ended.signal };
  const rates: number[] = [];
  for await (const event of watchIngests(mirror, createRateMeter(mirror.feed, timing), watch, options)) {
    if (event.kind !== "ingests") continue;
    const [ingest] = event.ingests;
    expect(ingest).toMatchObject({ state: "unknown", status: { ref: "r" } });
    if ((ingest?.rateBytesPerSecond ?? 0) > 0) break;
    rates.push(ingest?.rateBytesPerSecond ?? 0);
    await writer.write(Buffer.alloc(1000));
  }
  expect(rates[0]).toBe(0);
});

test("who ended an ingest here is told", async () => {
  const { mirror, ingests } = await openFollowed(true);
  const caller = { identity: "ann", address: "", userAgent: "" };
  const store = mirror.in({ namespace: "n", caller });
  const writer = await store.writer({ ref: "kept" });
  await writer.write(Buffer.from("kept"));
  await expect.poll(() => ingests().at(-1)?.after?.status.offset).toBe(4);
  const digest = await writer.commit();
  await expect
    .poll(() => ingests().at(-1)?.end)
    .toMatchObject({ outcome: "committed", digest, by: expect.stringContaining("ann") });
  await using dropped = await store.writer({ ref: "dropped" });
  await dropped.write(Buffer.from("dropped"));
  await expect.poll(() => ingests().at(-1)?.after?.status.ref).toBe("dropped");
  await store.abort("dropped");
  await expect
    .poll(() => ingests().at(-1)?.end)
    .toMatchObject({ outcome: "aborted", by: expect.stringContaining("ann") });
});
