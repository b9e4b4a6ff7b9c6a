import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import type { CopyTarget } from "../../content/copy.ts";
import type { CopyGraphOptions } from "../../content/copy-graph.ts";
import { copyGraph } from "../../content/copy-graph.ts";
import type { Digest } from "../../content/digest.ts";
import { subjectLabel } from "../../content/references.ts";
import type { Store } from "../../content/store.ts";
import { openLocalStore } from "../../server/stores/local/store.ts";
import { createMemoryStore } from "../../server/stores/memory/store.ts";
import { openTestMetadata } from "../server/metadata/support.ts";
import { digestOf, digests, failure, KiB, noise, put } from "../suite/support.ts";
import { mediaTypes } from "../support/oci-archive.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import type { TestImage } from "./copy/image.ts";
import { putDocument, putImage, putNamed } from "./copy/image.ts";
import { observe } from "./copy/observed.ts";

function memory(): Store {
  const store = createMemoryStore();
  onTestFinished(() => store[Symbol.asyncDispose]());
  return store;
}

/** A bare store keeps no labels. */
const bare: CopyGraphOptions = { childLabels: false };

async function source(): Promise<{ readonly from: Store; readonly image: TestImage }> {
  const from = memory();
  return { from, image: await putImage(from) };
}

const sorted = (list: Iterable<Digest>): Digest[] => [...list].toSorted();

test("everything that an image refers to is copied, children before parents, and its end is told", async () => {
  const { from, image } = await source();
  const files = await openLocalStore(await makeTempDir());
  onTestFinished(() => files[Symbol.asyncDispose]());
  const to = observe(files);
  const last = await Array.fromAsync(copyGraph(from, to.store, image.index, bare));
  expect(await digests(files)).toEqual(sorted(image.all));
  expect(to.commits).toHaveLength(image.all.length);
  const place = (digest: Digest): number => to.commits.indexOf(digest);
  for (const manifest of Object.values(image.manifests)) {
    expect(place(manifest.digest)).toBeLessThan(place(image.index.digest));
  }
  for (const layer of image.layers) expect(place(layer.digest)).toBeLessThan(place(image.manifests.arm64.digest));
  const bytes = last.at(-1)?.found.bytes ?? 0;
  expect(last.at(-1)).toEqual({
    planned: true,
    found: { blobs: image.all.length, bytes },
    copied: { blobs: image.all.length, bytes },
    present: { blobs: 0, bytes: 0 },
    missing: [],
    active: [],
    offset: bytes,
  });
});

test("what is there is not read again, its documents neither", async () => {
  const { from, image } = await source();
  const to = memory();
  await copyGraph(from, to, image.index, bare).finish();
  const again = observe(from);
  const { copied, present } = await copyGraph(again.store, to, image.index, bare).finish();
  expect(again.reads).toEqual([]);
  expect([copied.blobs, present.blobs]).toEqual([0, image.all.length]);
});

test("no more is written at once than is said", async () => {
  const { from, image } = await source();
  const to = observe(memory());
  await copyGraph(from, to.store, image.index, { ...bare, parallel: 2 }).finish();
  expect(to.mostWriters()).toBe(2);
  for (const parallel of [0, 65, 1.5]) {
    expect(() => copyGraph(from, to.store, image.index, { parallel })).toThrow(failure("invalid-argument") as Error);
  }
});

test("of chosen platforms only what they need is copied, with what is stated about them", async () => {
  const { from, image } = await source();
  const to = memory();
  const { amd64, arm64, statement } = image.manifests;
  await copyGraph(from, to, image.index, { ...bare, platforms: ["linux/arm64"] }).finish();
  const got = await digests(to);
  expect(got).toHaveLength(5);
  expect(got).toEqual(expect.arrayContaining([image.index.digest, arm64.digest, image.layers[2].digest]));
  await copyGraph(from, to, image.index, { ...bare, platforms: ["linux/amd64"] }).finish();
  expect(await digests(to)).toEqual(sorted(image.all));
  expect(await digests(to)).toEqual(expect.arrayContaining([amd64.digest, statement.digest]));
});

test("documents get the labels by which a collector keeps what they name, also where they were there without", async () => {
  const { metadata } = await openTestMetadata();
  const from = metadata.in({ namespace: "from" });
  const to = metadata.in({ namespace: "to" });
  const image = await putImage(from);
  const { amd64, arm64, statement } = image.manifests;
  await copyGraph(from, to, image.index, bare).finish();
  expect((await to.info(image.index.digest)).labels).toEqual({});
  await copyGraph(from, to, image.index).finish();
  const prefix = "containerd.io/gc.ref.content.";
  expect((await to.info(image.index.digest)).labels).toEqual({
    [`${prefix}m.0`]: amd64.digest,
    [`${prefix}m.1`]: arm64.digest,
    [`${prefix}m.2`]: statement.digest,
  });
  expect(Object.keys((await to.info(amd64.digest)).labels)).toEqual(
    ["config", "l.0", "l.1"].map((key) => prefix + key),
  );
});

describe("a blob that neither store has", () => {
  test("is one error that names it and what names it; nothing that leads to it is there", async () => {
    const { from, image } = await source();
    const gone = image.layers[1].digest;
    await from.delete(gone);
    const to = memory();
    const facts = { missing: { digest: gone, namedBy: image.manifests.amd64.digest } };
    const error = await copyGraph(from, to, image.index, bare)
      .finish()
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ name: "ContentError", kind: "not-found", facts });
    for (const digest of [image.index.digest, image.manifests.amd64.digest]) {
      await expect(to.info(digest)).rejects.toEqual(failure("not-found"));
    }
  });

  test("is told before anything is written where it is a document", async () => {
    const { from, image } = await source();
    await from.delete(image.manifests.arm64.digest);
    const to = memory();
    await expect(copyGraph(from, to, image.index, bare).finish()).rejects.toMatchObject({
      facts: { missing: { digest: image.manifests.arm64.digest, namedBy: image.index.digest } },
    });
    expect(await digests(to)).toEqual([]);
  });

  test("is left out and told where that is wanted", async () => {
    const { from, image } = await source();
    const gone = [image.layers[1].digest, image.manifests.arm64.digest];
    for (const digest of gone) await from.delete(digest);
    const to = memory();
    const { missing, found, copied } = await copyGraph(from, to, image.index, { ...bare, missing: "skip" }).finish();
    expect(sorted(missing)).toEqual(sorted(gone));
    expect(copied).toEqual(found);
    expect(await digests(to)).toContain(image.index.digest);
  });
});

describe("a copy that is cut", () => {
  test("by leaving its iteration has let go of all, and goes on without a byte twice", async () => {
    const from = memory();
    const image = await putImage(from, 2 * 1024 * KiB);
    const to = observe(memory());
    for await (const { offset } of copyGraph(from, to.store, image.index, bare)) if (offset >= 3 * 1024 * KiB) break;
    expect(await digests(to.store)).not.toContain(image.index.digest);
    await copyGraph(from, to.store, image.index, bare).finish();
    const infos = await Array.fromAsync(to.store.walk());
    expect(infos.map(({ digest }) => digest)).toEqual(sorted(image.all));
    expect(to.written()).toBe(infos.reduce((sum, { size }) => sum + size, 0));
  });

  test("by a signal is cancelled, at once where it aborted before", async () => {
    const { from, image } = await source();
    const cancel = new AbortController();
    const to = observe(memory(), () => cancel.abort());
    const options = { ...bare, signal: cancel.signal };
    await expect(copyGraph(from, to.store, image.index, options).finish()).rejects.toEqual(failure("cancelled"));
    const watched = observe(from);
    const late = copyGraph(watched.store, to.store, image.index, options);
    await expect(Array.fromAsync(late)).rejects.toEqual(failure("cancelled"));
    expect(watched.reads).toEqual([]);
  });

  test("by a write that fails ends with that error, once nothing is under way any more", async () => {
    const { from, image } = await source();
    const broken = new Error("disk on fire");
    let isBroken = true;
    const to = observe(memory(), () => {
      if (isBroken) throw broken;
    });
    await expect(Array.fromAsync(copyGraph(from, to.store, image.index, bare))).rejects.toBe(broken);
    isBroken = false;
    await copyGraph(from, to.store, image.index, { ...bare, timeoutMs: 0 }).finish();
    expect(await digests(to.store)).toEqual(sorted(image.all));
  });

  test("by a document that is wrong ends those that are being read", async () => {
    const { from, image } = await source();
    const { amd64, arm64 } = image.manifests;
    const hung: Promise<never>[] = [];
    const slow: Store = {
      ...from,
      async readerAt(descriptor, signal) {
        if (descriptor.digest === amd64.digest) return from.readerAt({ digest: image.index.digest }, signal);
        if (descriptor.digest !== arm64.digest) return from.readerAt(descriptor, signal);
        const { promise, reject } = Promise.withResolvers<never>();
        signal?.addEventListener("abort", () => reject(signal.reason));
        hung.push(promise);
        return promise;
      },
    };
    await expect(copyGraph(slow, memory(), image.index, bare).finish()).rejects.toEqual(failure("data-loss"));
    expect(hung).toHaveLength(1);
  });

  test("is not begun a second time", async () => {
    const { from, image } = await source();
    const once = copyGraph(from, memory(), image.index, bare);
    await once.finish();
    await expect(once.finish()).rejects.toEqual(failure("failed-precondition"));
  });
});

describe("what is about an image", () => {
  test("comes with it where labels and documents say so, and so does what is about that", async () => {
    const { metadata } = await openTestMetadata();
    const from = metadata.in({ namespace: "from" });
    const to = metadata.in({ namespace: "to" });
    const image = await putImage(from);
    const config = await putNamed(from, "application/vnd.oci.empty.v1+json", Buffer.from("{}"));
    const about = (subject: object, digest: Digest, layers: object[] = []) =>
      putDocument(from, mediaTypes.manifest, { config, layers, subject }, { [subjectLabel]: digest });
    const signature = await about(image.index, image.index.digest);
    const counterSignature = await about(signature, signature.digest);
    const liar = await about(signature, image.manifests.arm64.digest, [config]);
    await copyGraph(from, to, image.index).finish();
    expect(await digests(to)).toHaveLength(image.all.length);
    await copyGraph(from, to, image.index, { referrers: true }).finish();
    const got = await digests(to);
    expect(got).toEqual(expect.arrayContaining([signature.digest, counterSignature.digest]));
    expect(got).not.toContain(liar.digest);
    expect((await to.info(signature.digest)).labels).toMatchObject({ [subjectLabel]: image.index.digest });
  });

  test("brings what it is about, which may be missing", async () => {
    const from = memory();
    const subject = { mediaType: mediaTypes.manifest, digest: digestOf(noise(1)), size: 1 };
    const lonely = await putDocument(from, mediaTypes.manifest, { layers: [], subject });
    const to = memory();
    const { missing } = await copyGraph(from, to, lonely, bare).finish();
    expect(missing).toEqual([subject.digest]);
    expect(await digests(to)).toEqual([lonely.digest]);
  });
});

describe("hostile documents", () => {
  test("that are not what they are named as are refused, and nothing is written", async () => {
    const from = memory();
    const { index } = await putImage(from);
    const both = await putDocument(from, mediaTypes.index, { manifests: [index], layers: [index] });
    const to = memory();
    await expect(copyGraph(from, to, both, bare).finish()).rejects.toEqual(
      failure("failed-precondition", /is not what its media type says: it has layers/),
    );
    expect(await digests(to)).toEqual([]);
  });

  test("that are too large, or nested too deeply, are refused", async () => {
    const from = memory();
    const large = await putNamed(from, mediaTypes.index, Buffer.alloc(8 * 1024 * KiB + 1, " "));
    const to = memory();
    await expect(copyGraph(from, to, large, bare).finish()).rejects.toEqual(failure("resource-exhausted"));
    let nested = (await putImage(from)).index;
    for (let depth = 0; depth < 8; depth += 1)
      nested = await putDocument(from, mediaTypes.index, { manifests: [nested] });
    await expect(copyGraph(from, to, nested, bare).finish()).rejects.toEqual(failure("resource-exhausted"));
  });

  test("of a source that lies are found out by their digests", async () => {
    const { from, image } = await source();
    const other = await put(from, Buffer.from('{"manifests":[]}'));
    const lying: Store = { ...from, readerAt: (_, signal) => from.readerAt({ digest: other }, signal) };
    await expect(copyGraph(lying, memory(), image.index, bare).finish()).rejects.toEqual(failure("data-loss"));
  });
});

test("however often it is cut, a copy of any graph ends whole, no manifest before what it names, no byte twice", async () => {
  /** Each manifest names some of what is before it. */
  const graph = fc.array(fc.array(fc.nat({ max: 9 }), { maxLength: 4 }), { minLength: 1, maxLength: 7 });
  const cuts = fc.array(fc.nat({ max: 60 * KiB }), { maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(graph, cuts, async (shape, cutAt) => {
      const from = createMemoryStore();
      const named: CopyTarget[] = [];
      for (const seed of [1, 2, 3]) named.push(await putNamed(from, mediaTypes.layer, noise(20 * KiB, seed)));
      const children = new Map<Digest, readonly Digest[]>();
      for (const [at, picks] of shape.entries()) {
        const manifests = picks.map((pick) => named[pick % named.length]);
        const document = await putDocument(from, mediaTypes.index, { at, manifests });
        children.set(
          document.digest,
          manifests.flatMap((each) => each?.digest ?? []),
        );
        named.push(document);
      }
      const root = named.at(-1) ?? expect.fail();
      const remaining = [...cutAt];
      const to = observe(createMemoryStore(), (written) => {
        if ((remaining[0] ?? Number.POSITIVE_INFINITY) > written) return;
        remaining.shift();
        throw new Error("cut");
      });
      for (let tries = 0; tries <= cutAt.length; tries += 1) {
        await copyGraph(from, to.store, root, { ...bare, parallel: 3 })
          .finish()
          .catch((error) => {
            expect(error.message).toBe("cut");
          });
      }
      const done = new Set<Digest>();
      for (const digest of to.commits) {
        expect([...done]).toEqual(expect.arrayContaining([...(children.get(digest) ?? [])]));
        done.add(digest);
      }
      expect(done).toContain(root.digest);
      expect(done.size).toBe(to.commits.length);
    }),
    { numRuns: 40 },
  );
});
