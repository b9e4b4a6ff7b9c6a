import { describe, expect, test } from "vitest";
import type { OpenStore, StoreFeatures } from "./open-store.ts";
import { bytes, digestOf, digests, failure, put, refs } from "./support.ts";

/** Labels of blobs, or their refusal. */
export function statesLabels(open: OpenStore, { labels }: StoreFeatures): void {
  describe("labels", () => {
    if (labels) statesKeptLabels(open);
    else statesRefusedLabels(open);
  });
}

function statesRefusedLabels(open: OpenStore): void {
  const text = "update not supported on immutable content store";

  test("a store without labels refuses an update", async () => {
    const store = await open();
    const digest = await put(store, bytes("a"));
    await expect(store.update({ digest, labels: { a: "1" } })).rejects.toEqual(failure("failed-precondition", text));
  });

  test("a store without labels refuses a commit with some, and keeps the ingest", async () => {
    const store = await open();
    const labelled = put(store, bytes("a"), { ref: "labelled", labels: { a: "1" } });
    await expect(labelled).rejects.toEqual(failure("failed-precondition", text));
    expect(await refs(store)).toEqual(["labelled"]);
    expect(await put(store, bytes(""), { ref: "labelled", labels: {} })).toBe(digestOf(bytes("a")));
  });
}

function statesKeptLabels(open: OpenStore): void {
  test("a blob has the labels that it was committed with, less the empty ones", async () => {
    const store = await open();
    const digest = await put(store, bytes("a"), { labels: { "a.b/c": "1", empty: "" } });
    expect((await store.info(digest)).labels).toEqual({ "a.b/c": "1" });
  });

  test("an update replaces all labels, or those that are named, and an empty value removes one", async () => {
    const store = await open();
    const digest = await put(store, bytes("a"), { labels: { a: "1", b: "1" } });
    const { createdAt } = await store.info(digest);
    const updated = await store.update({ digest, labels: { a: "2", c: "2" } }, ["labels.a", "labels.b"]);
    expect(updated).toMatchObject({ digest, size: 1, createdAt, labels: { a: "2" } });
    expect(updated.updatedAt.getTime()).toBeGreaterThanOrEqual(createdAt.getTime());
    expect((await store.update({ digest, labels: { z: "3" } })).labels).toEqual({ z: "3" });
    expect((await store.update({ digest, labels: { y: "4" } }, ["labels"])).labels).toEqual({ y: "4" });
    expect((await store.info(digest)).labels).toEqual({ y: "4" });
  });

  test("an update of anything but labels, or with a pair over 4096 bytes, is refused and changes nothing", async () => {
    const store = await open();
    const digest = await put(store, bytes("a"), { labels: { a: "1" } });
    const refused = failure("invalid-argument");
    await expect(store.update({ digest, labels: {} }, ["size"])).rejects.toEqual(refused);
    await expect(store.update({ digest, labels: { a: "x".repeat(4096) } })).rejects.toEqual(refused);
    expect((await store.info(digest)).labels).toEqual({ a: "1" });
  });

  test("an update of a blob that is not there is not-found", async () => {
    const store = await open();
    const update = store.update({ digest: digestOf(bytes("none")), labels: {} });
    await expect(update).rejects.toEqual(failure("not-found"));
  });

  test("a commit with a label that is not valid is refused, and keeps the ingest", async () => {
    const store = await open();
    const labelled = put(store, bytes("a"), { ref: "long", labels: { a: "x".repeat(4096) } });
    await expect(labelled).rejects.toEqual(failure("invalid-argument"));
    expect(await refs(store)).toEqual(["long"]);
  });

  test("filters see labels", async () => {
    const store = await open();
    const a = await put(store, bytes("a"), { labels: { team: "payments", "x/y.z": "1" } });
    const b = await put(store, bytes("b"), { labels: { team: "search" } });
    const c = await put(store, bytes("c"));
    expect(await digests(store, ["labels.team==payments"])).toEqual([a]);
    expect(await digests(store, ["labels.team"])).toEqual([a, b].toSorted());
    expect(await digests(store, ["labels.team~=^(pay|sea)"])).toEqual([a, b].toSorted());
    expect(await digests(store, ['labels."x/y.z"==1'])).toEqual([a]);
    expect(await digests(store, ["labels.team!=payments"])).toEqual([b, c].toSorted());
  });
}
