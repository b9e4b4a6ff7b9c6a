import { expect, test } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import { ContentError } from "../../../content/errors.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Info, Store } from "../../../content/store.ts";
import type { MirrorSource } from "../../../server/mirror/source.ts";
import { get, openTestMetadata, put } from "../metadata/support.ts";
import { follow, openTestMirror, quick, sourceOver } from "./support.ts";

const impatient = { ...quick, answerMs: 500 };

/** A source whose store does something of its own. */
function withStore(source: MirrorSource, change: (store: Store) => Partial<Store>): MirrorSource {
  return {
    ...source,
    in(scope) {
      const store = source.in(scope);
      return { ...store, ...change(store) };
    },
  };
}

test("a source that never answers holds nobody up, is told as unreachable, and is read once it answers", async () => {
  const { metadata } = await openTestMetadata();
  await put(metadata, "n", "text");
  const source = sourceOver(metadata);
  source.behaviour.hangs = true;
  const { mirror } = await openTestMirror({ source, timing: impatient });
  expect(mirror.state).toEqual({ state: "connecting", isWatched: false });
  await expect(mirror.inventory(1)).resolves.toMatchObject({ distinct: { count: 0 } });
  const refusal = { kind: "unavailable", message: "store there does not answer: no answer within 0.5 s" };
  await expect(mirror.ready()).rejects.toMatchObject(refusal);
  await expect(Array.fromAsync(mirror.in({ namespace: "n" }).walk())).rejects.toMatchObject(refusal);
  expect(() => mirror.snapshot()).toThrow(refusal.message);
  expect(mirror.state).toMatchObject({ state: "unreachable", reason: "no answer within 0.5 s" });
  expect(mirror.state).not.toHaveProperty("lastContactAt");

  source.behaviour.hangs = false;
  await expect.poll(() => mirror.state.state).toBe("live");
  expect(await Array.fromAsync(mirror.in({ namespace: "n" }).walk())).toHaveLength(1);
});

test("a mirror closes while its source hangs", async () => {
  const { metadata } = await openTestMetadata();
  const source = sourceOver(metadata);
  source.behaviour.hangs = true;
  const { mirror, close } = await openTestMirror({ source });
  const waiting = expect(mirror.ready()).rejects.toMatchObject({ kind: "unavailable" });
  await close();
  await waiting;
  expect(source.behaviour.calls.get("dispose")).toBe(1);
});

test("while a source fails its rows are still told, and its bytes are not", async () => {
  const { metadata } = await openTestMetadata();
  const digest = await put(metadata, "n", "text");
  const source = sourceOver(metadata);
  const { mirror } = await openTestMirror({ source });
  await mirror.ready();
  const states: string[] = [];
  mirror.onState(({ state }) => state === states.at(-1) || states.push(state));
  follow(mirror);
  source.behaviour.failure = Object.assign(new Error("connect ENOENT /a/path"), { code: "ENOENT" });
  await expect.poll(() => mirror.state.state).toBe("unreachable");
  expect(mirror.state).toMatchObject({ reason: "it is not there (no such file)", lastContactAt: expect.any(Date) });
  expect(await mirror.in({ namespace: "n" }).info(digest)).toMatchObject({ size: 4 });
  await expect(mirror.in({ namespace: "n" }).readerAt({ digest })).rejects.toMatchObject({
    kind: "unavailable",
    message: "store there does not answer: it is not there (no such file)",
  });
  expect(await mirror.catalog.namespaces()).toHaveLength(1);
  source.behaviour.failure = undefined;
  await put(metadata, "n", "more");
  await expect.poll(() => Array.fromAsync(mirror.in({ namespace: "n" }).walk())).toHaveLength(2);
  // Rows are there before the look that brought them has ended.
  await expect.poll(() => states).toEqual(["unreachable", "live"]);
});

test("a read that stops in the middle is given up", async () => {
  const { metadata } = await openTestMetadata();
  const digest = await put(metadata, "n", "text");
  const source = withStore(sourceOver(metadata), (store) => ({
    async readerAt(...wanted) {
      const reader = await store.readerAt(...wanted);
      return {
        ...reader,
        async *read() {
          yield Buffer.from("te");
          await new Promise<never>(() => undefined);
        },
      };
    },
  }));
  const { mirror } = await openTestMirror({ source, timing: impatient });
  await expect.poll(() => mirror.state.state).toBe("live");
  await expect(get(mirror.in({ namespace: "n" }), digest)).rejects.toMatchObject({ kind: "unavailable" });
});

test("bytes that are not those of the digest are data loss where the whole blob is read", async () => {
  const { metadata } = await openTestMetadata();
  const digest = await put(metadata, "n", "text");
  const source = withStore(sourceOver(metadata), (store) => ({
    async readerAt(...wanted) {
      const reader = await store.readerAt(...wanted);
      return {
        ...reader,
        async *read(offset, length = reader.size) {
          yield Buffer.from("lies").subarray(offset, offset + length);
        },
      };
    },
  }));
  const { mirror } = await openTestMirror({ source });
  const store = mirror.in({ namespace: "n" });
  await expect(get(store, digest)).rejects.toMatchObject({ kind: "data-loss" });
  expect(await mirror.catalog.bytesOf(digest)).toBeUndefined();
  await using reader = await store.readerAt({ digest });
  const part = await Array.fromAsync(reader.read(1, 2), (chunk) => Buffer.from(chunk).toString());
  expect(part).toEqual(["ie"]);
});

test("what cannot be shown is left out, and said once", async () => {
  const { metadata } = await openTestMetadata();
  const digest = await put(metadata, "n", "text", { right: "label" });
  const honest = sourceOver(metadata);
  const lies: Partial<Info>[] = [
    { digest: "sha256:../../etc" as never },
    { digest: makeDigest("sha256", "f".repeat(64)), size: -1 },
    { digest: makeDigest("sha512", "0".repeat(128)), createdAt: new Date(Number.NaN) },
  ];
  const lying = withStore(honest, (store) => ({
    async *walk() {
      for await (const info of store.walk()) {
        yield { ...info, labels: { ...info.labels, long: "x".repeat(5000), "": "none", empty: "" } };
        yield info;
        for (const lie of lies) yield { ...info, ...lie };
      }
    },
    async *listStatuses() {
      yield { ref: "", offset: 0, total: 0, startedAt: new Date(), updatedAt: new Date() };
      yield { ref: "r", offset: Number.NaN, total: 0, startedAt: new Date(), updatedAt: new Date() };
    },
  }));
  const source: MirrorSource = {
    ...lying,
    async namespaces(signal) {
      const strange = ["../..", "", "a b", "__proto__"].map((name) => ({ name, labels: {} }));
      return [...(await lying.namespaces(signal)), ...strange];
    },
    images: {
      async *list() {
        const target = { mediaType: "", digest: "no digest" as never, size: 1, annotations: {} };
        yield { name: "i", labels: {}, target, createdAt: new Date(), updatedAt: new Date() };
      },
    },
  };
  const lines: string[] = [];
  const { mirror } = await openTestMirror({ source, lines });
  await mirror.ready();
  follow(mirror);
  await expect.poll(() => (honest.behaviour.calls.get("ping") ?? 0) > 3).toBe(true);
  expect(mirror.catalog.namespaces().map(({ name }) => name)).toEqual(["n"]);
  const infos = await Array.fromAsync(mirror.in({ namespace: "n" }).walk());
  expect(infos).toMatchObject([{ digest, labels: { right: "label" } }]);
  expect(await Array.fromAsync(mirror.ingests("*"))).toEqual([]);
  expect(await mirror.images.list("n")).toEqual([]);
  const said = lines.map((line) => JSON.parse(line)).filter(({ msg }) => /left out/.test(msg));
  expect(new Set(said.map(({ what }) => what)).size).toBe(said.length);
  expect(said.length).toBeGreaterThan(10);
});

test("a list in any order is taken over, and nothing is told of what stays as it is", async () => {
  const { metadata } = await openTestMetadata();
  const digests: Digest[] = [];
  for (let number = 0; number < 40; number += 1) digests.push(await put(metadata, "n", `${number}`));
  let turn = 0;
  const source = withStore(sourceOver(metadata), (store) => ({
    async *walk() {
      const infos = await Array.fromAsync(store.walk());
      // Two lists one after the other, then backwards, then some of them twice.
      const half = Map.groupBy(infos, (_, at) => at % 2);
      const orders = [[...(half.get(1) ?? []), ...(half.get(0) ?? [])], infos.toReversed(), [...infos, ...infos]];
      yield* orders[turn % orders.length] ?? [];
      turn += 1;
    },
  }));
  const { mirror } = await openTestMirror({ source });
  const store = mirror.in({ namespace: "n" });
  const listed = async () => (await Array.fromAsync(store.walk())).map(({ digest }) => digest);
  expect(await listed()).toEqual(digests.toSorted());
  const { changes } = follow(mirror);
  const looks = async (count: number) => {
    const until = turn + count;
    await expect.poll(() => turn).toBeGreaterThan(until);
  };
  await looks(4);
  expect(changes).toEqual([]);

  const [gone, changed] = digests;
  if (gone === undefined || changed === undefined) throw new Error("there are blobs");
  await metadata.in({ namespace: "n" }).delete(gone);
  await metadata.in({ namespace: "n" }).update({ digest: changed, labels: { a: "b" } });
  const come = await put(metadata, "n", "come");
  await expect.poll(listed).toEqual([...digests.slice(1), come].toSorted());
  await expect.poll(async () => (await store.info(changed)).labels).toEqual({ a: "b" });
  await looks(4);
  expect(changes.filter(({ kind }) => kind === "blob")).toHaveLength(3);
  expect(mirror.state.state).toBe("live");
});

test("while everything is read for the first time calls are told how far it is", async () => {
  const { metadata } = await openTestMetadata();
  for (let number = 0; number < 600; number += 1) await put(metadata, "n", `${number}`);
  const reached = Promise.withResolvers<void>();
  const { promise, resolve } = Promise.withResolvers<void>();
  const source = withStore(sourceOver(metadata), (store) => ({
    async *walk() {
      let seen = 0;
      for await (const info of store.walk()) {
        seen += 1;
        if (seen === 501) {
          reached.resolve();
          await promise;
        }
        yield info;
      }
    },
  }));
  const { mirror } = await openTestMirror({ source, timing: { ...quick, firstMs: 50 } });
  await reached.promise;
  const text = "store there is being read for the first time (500 blobs so far); try again";
  await expect(mirror.ready()).rejects.toMatchObject({ kind: "unavailable", message: text });
  expect(() => mirror.catalog.namespaces()).toThrow(ContentError);
  resolve();
  await expect.poll(() => mirror.state.state).toBe("live");
  using view = mirror.snapshot();
  expect(view.totals("*").count).toBe(600);
});
