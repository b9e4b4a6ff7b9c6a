import { expect, test } from "vitest";
import type { Digest } from "../../../../content/digest.ts";
import { isKind } from "../../../../content/errors.ts";
import type { Metadata } from "../../../../server/metadata/metadata.ts";
import { digestOf, get, openTestMetadata, put } from "../support.ts";
import { held, refs, startLeases, tag } from "./support.ts";

const blobs = 400;

const name = (index: number): string => `blob ${index}`;

/** Blobs of which each leads to the next, in chains of ten, and nothing leads to any chain. */
async function openChains() {
  const { metadata, below } = await openTestMetadata();
  await startLeases(metadata);
  const next = (index: number) => (index % 10 === 9 ? [] : [digestOf(name(index + 1))]);
  await Promise.all(Array.from({ length: blobs }, (_, index) => put(metadata, "n", name(index), refs(...next(index)))));
  return { metadata, below };
}

/** Collect; act once the mark is over and the first blob is gone, again and again until all of it is done. */
async function whileSwept(metadata: Metadata, act: (index: number) => Promise<void>): Promise<number> {
  const begun = Promise.withResolvers<void>();
  const end = metadata.feed.listen((change) => {
    if (change.kind === "blob" && change.collected) begun.resolve();
  });
  let running = true;
  const collection = metadata.collect().finally(() => {
    running = false;
  });
  await begun.promise;
  end();
  for (let index = 0; running && index < blobs; index += 1) await act(index);
  return (await collection).blobs;
}

/** What a blob leads to, itself included, as far as it is there. */
async function reachable(metadata: Metadata, from: Digest): Promise<readonly Digest[]> {
  const store = metadata.in({ namespace: "n" });
  const found = new Set<Digest>();
  const waiting = [from];
  for (let digest = waiting.pop(); digest !== undefined; digest = waiting.pop()) {
    const info = await store.info(digest).catch(ignoreNotFound);
    if (info === undefined || found.has(digest)) continue;
    found.add(digest);
    for (const [key, value] of Object.entries(info.labels)) if (key.includes("gc.ref")) waiting.push(value as Digest);
  }
  return [...found];
}

/** Ways to make a blob of use; each ends once a client was told so. */
const uses: Readonly<Record<string, (metadata: Metadata, digest: Digest, index: number) => Promise<void>>> = {
  "by an image": (metadata, digest, index) => tag(metadata, `image-${index}`, digest),
  "by a root label": async (metadata, digest) => {
    const store = metadata.in({ namespace: "n" });
    await store.update({ digest, labels: { "containerd.io/gc.root": "x" } }, ["labels.containerd.io/gc.root"]);
  },
  "by a lease": async (metadata, digest, index) => {
    await metadata.leases.create("n", `lease-${index}`, {});
    await metadata.leases.addResource("n", `lease-${index}`, { type: "content", id: digest });
  },
  "by a new blob with a root label that leads to it": async (metadata, digest, index) => {
    await put(metadata, "n", `parent ${index}`, { ...refs(digest), "containerd.io/gc.root": "x" });
  },
  "by a label of a new blob that is written twice": async (metadata, digest, index) => {
    await put(metadata, "n", `parent ${index}`, { "containerd.io/gc.root": "x" });
    const labels = { "containerd.io/gc.ref.content": digest };
    const fieldpaths = ["labels.containerd.io/gc.ref.content"];
    await metadata.in({ namespace: "n" }).update({ digest: digestOf(`parent ${index}`), labels }, fieldpaths);
  },
};

for (const [how, take] of Object.entries(uses)) {
  test(`what became of use ${how} while a collection ran is there after it, with all that it leads to`, async () => {
    const { metadata } = await openChains();
    const promised = new Set<Digest>();
    const removed = await whileSwept(metadata, async (index) => {
      const digest = digestOf(name(blobs - 1 - index));
      await take(metadata, digest, index).catch(ignoreNotFound);
      // What was still there once the client was told must stay.
      for (const one of await reachable(metadata, digest)) promised.add(one);
    });
    const left = new Set(await held(metadata));
    expect([...promised].filter((digest) => !left.has(digest))).toEqual([]);
    expect(removed).toBeGreaterThan(0);
    expect(promised.size).toBeGreaterThan(0);
    for (const digest of promised) expect(digestOf(await get(metadata.in({ namespace: "n" }), digest))).toBe(digest);
  });
}

test("a blob that is committed while a collection runs is there after it, also one that is just being removed", async () => {
  const { metadata } = await openChains();
  const store = metadata.in({ namespace: "n" });
  const told: Digest[] = [];
  await whileSwept(metadata, async (index) => {
    const text = index % 2 === 0 ? name(index) : `new ${index}`;
    const writer = await store.writer({ ref: `again ${index}` });
    await writer.write(Buffer.from(text));
    await writer.commit().catch((error: unknown) => {
      if (!isKind(error, "already-exists")) throw error;
    });
    told.push(digestOf(text));
  });
  const left = new Set(await held(metadata));
  expect(told.filter((digest) => !left.has(digest))).toEqual([]);
  expect(told.length).toBeGreaterThan(0);
});

test("commits are answered while a collection is under way, not after it", async () => {
  const { metadata } = await openChains();
  const order: string[] = [];
  const collection = metadata.collect().then(() => order.push("collection"));
  await put(metadata, "n", "while it marks");
  order.push("commit");
  await collection;
  expect(order).toEqual(["commit", "collection"]);
});

test("collections that are asked for at once follow one another, and none fails", async () => {
  const { metadata } = await openChains();
  const counts = await Promise.all([metadata.collect(), metadata.collect(), metadata.collect()]);
  expect(counts.map((one) => one.blobs)).toEqual([blobs, 0, 0]);
});

function ignoreNotFound(error: unknown): undefined {
  if (!isKind(error, "not-found")) throw error;
  return undefined;
}
