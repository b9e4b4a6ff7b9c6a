import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ComparedPart } from "../../../content/compare.ts";
import { compare } from "../../../content/compare.ts";
import type { Digest } from "../../../content/digest.ts";
import { ContentError } from "../../../content/errors.ts";
import type { Store } from "../../../content/store.ts";
import { copyBlobs } from "../../../server/compare/copy-blobs.ts";
import { createCopyState } from "../../../server/compare/copy-state.ts";
import { createReportFile } from "../../../server/compare/report-file.ts";
import type { KeptReport } from "../../../server/compare/reports.ts";
import { openLocalStore } from "../../../server/stores/local/store.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { makeSmallDisk } from "../../support/small-disk.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { putBlob, sha256 } from "../services/calls.ts";

/** A report of two stores, as a server makes one. */
async function reportOf(a: Store, b: Store) {
  const file = createReportFile(`${await makeTempDir()}/report.db`);
  const comparison = compare(a, b);
  const rows = await Array.fromAsync(comparison, ({ part, info: { digest, size }, at }) => {
    return { part, digest, size, at, rank: 0, kind: "unknown" as const };
  });
  await file.ask("add", rows);
  await file.ask("seal", undefined);
  const report = { file, facts: { totals: comparison.totals } } as unknown as KeptReport;
  return { report, [Symbol.asyncDispose]: () => file[Symbol.asyncDispose]() };
}

/** Copy what the second store lacks. */
async function copyTo(report: KeptReport, from: Pick<Store, "info" | "readerAt">, to: Store, signal: AbortSignal) {
  const part: ComparedPart = "only-a";
  const state = createCopyState(report.facts.totals[part]);
  const task = { report, part, from: { stores: [from], label: "a/n" }, to: { store: to, label: "b/n" }, state, signal };
  await copyBlobs({ ...task, failed: (error) => expect.fail(String(error)) });
  return state;
}

/** A store that tells in which order its blobs came. */
function ordered(store: Store): { readonly store: Store; readonly order: Digest[] } {
  const order: Digest[] = [];
  const writer: Store["writer"] = async (options, signal) => {
    const opened = await store.writer(options, signal);
    const commit: typeof opened.commit = async (given) => {
      const digest = await opened.commit(given);
      order.push(digest);
      return digest;
    };
    return { ...opened, commit };
  };
  return { order, store: { ...store, writer } };
}

const nobody = new AbortController().signal;

test("what names others comes after them, however deep indexes are in each other, whatever the order of digests", async () => {
  const [a, b] = [createMemoryStore(), createMemoryStore()];
  const types = {
    manifest: "application/vnd.oci.image.manifest.v1+json",
    index: "application/vnd.oci.image.index.v1+json",
  };
  const named = (text: string, mediaType = "x") => ({ digest: sha256(text), size: text.length, mediaType });
  const parents = new Map<Digest, readonly Digest[]>();
  const add = async (text: string, ...children: readonly string[]) => {
    parents.set(await putBlob(a, text), children.map(sha256));
    return text;
  };
  for (let image = 0; image < 12; image += 1) {
    const [layer, config] = [await add(`layer ${image}`), await add(`{"os":"linux","rootfs":{},"n":${image}}`)];
    const manifest = await add(
      JSON.stringify({ schemaVersion: 2, config: named(config), layers: [named(layer)] }),
      layer,
      config,
    );
    const index = await add(
      JSON.stringify({ schemaVersion: 2, manifests: [named(manifest, types.manifest)] }),
      manifest,
    );
    const outer = JSON.stringify({ schemaVersion: 2, manifests: [named(index, types.index)] });
    await add(outer, index);
    await add(JSON.stringify({ schemaVersion: 2, manifests: [named(outer, types.index)] }), outer);
  }
  const { store, order } = ordered(b);
  await using made = await reportOf(a, b);
  const state = await copyTo(made.report, a, store, nobody);
  expect(state.teller().tell(true)).toMatchObject({ copied: { blobs: 72 }, failed: { blobs: 0 }, complete: true });
  const early = [...parents].filter(([parent, children]) =>
    children.some((child) => order.indexOf(child) > order.indexOf(parent)),
  );
  expect(early).toEqual([]);
  expect(new Set(order)).toEqual(new Set(parents.keys()));
});

test("a copy that is cancelled keeps what came, and the next one goes on there", async () => {
  const [a, b] = [createMemoryStore(), createMemoryStore()];
  const text = "x".repeat(3_000_000);
  const digest = await putBlob(a, text);
  const ended = new AbortController();
  const halting: Pick<Store, "info" | "readerAt"> = {
    info: a.info,
    async readerAt(descriptor, signal) {
      const reader = await a.readerAt(descriptor, signal);
      return {
        ...reader,
        async *read(offset, length, given) {
          const half = length === undefined || length > 1_500_000 ? 1_500_000 : length;
          yield* reader.read(offset, half, given);
          if (half === length) return;
          ended.abort();
          throw new Error("nothing more is read");
        },
      };
    },
  };
  await using made = await reportOf(a, b);
  await expect(copyTo(made.report, halting, b, ended.signal)).rejects.toMatchObject({ kind: "cancelled" });
  const [left] = await Array.fromAsync(b.listStatuses());
  const offsets: number[] = [];
  const watched: Pick<Store, "info" | "readerAt"> = {
    info: a.info,
    async readerAt(descriptor, signal) {
      const reader = await a.readerAt(descriptor, signal);
      const read: typeof reader.read = (offset, ...more) => {
        offsets.push(offset);
        return reader.read(offset, ...more);
      };
      return { ...reader, read };
    },
  };
  const state = await copyTo(made.report, watched, b, nobody);
  expect(state.copied).toEqual({ blobs: 1, bytes: 3_000_000 });
  expect((await b.info(digest)).size).toBe(3_000_000);
  // The first look is at what it is.
  expect(offsets.slice(1).every((offset) => offset >= (left?.offset ?? 0))).toBe(true);
});

test("a target that refuses all is given up at once, with the reason", async () => {
  const [a, b] = [createMemoryStore(), createMemoryStore()];
  for (let number = 0; number < 50; number += 1) await putBlob(a, `blob ${number}`);
  const full: Store = {
    ...b,
    writer: async () => {
      throw new ContentError("resource-exhausted", "no space is left");
    },
  };
  await using made = await reportOf(a, b);
  const { givenUp, failed } = (await copyTo(made.report, a, full, nobody)).teller().tell(true);
  expect(givenUp).toBe("b/n: no space is left");
  expect(failed.blobs).toBeLessThanOrEqual(4);
});

test("a source that gives wrong bytes is what is named, and once it is mended the next copy is right", async () => {
  const [a, b] = [createMemoryStore(), createMemoryStore()];
  const digest = await putBlob(a, "the right bytes");
  const wrong: Pick<Store, "info" | "readerAt"> = {
    info: a.info,
    async readerAt(descriptor, signal) {
      const reader = await a.readerAt(descriptor, signal);
      async function* read(offset: number, length?: number) {
        for await (const chunk of reader.read(offset, length, signal)) yield chunk.map((byte) => byte ^ 1);
      }
      return { ...reader, read };
    },
  };
  await using made = await reportOf(a, b);
  const { failures, copied } = (await copyTo(made.report, wrong, b, nobody)).teller().tell(true);
  expect(copied.blobs).toBe(0);
  expect(failures.map(({ reason }) => reason)).toEqual([`a/n: content ${digest} came with other bytes`]);
  expect((await copyTo(made.report, a, b, nobody)).copied.blobs).toBe(1);
  expect((await b.info(digest)).size).toBe(15);
});

test("on a disk that gets full a copy is given up with the reason, and once there is room the next one goes on", async () => {
  const disk = await makeSmallDisk("8m");
  const filler = join(disk, "filler");
  await writeFile(filler, Buffer.alloc(5_000_000));
  const a = createMemoryStore();
  const texts = ["p", "q", "r"].map((letter) => letter.repeat(1_500_000));
  for (const text of texts) await putBlob(a, text);
  await using b = await openLocalStore(join(disk, "store"));
  await using made = await reportOf(a, b);
  const { givenUp, copied } = (await copyTo(made.report, a, b, nobody)).teller().tell(true);
  expect(givenUp).toMatch(/^b\/n: .*no space/);
  await rm(filler);
  const next = (await copyTo(made.report, a, b, nobody)).teller().tell(true);
  expect(next).toMatchObject({ givenUp: "", failed: { blobs: 0 } });
  expect(next.copied.blobs + next.present.blobs).toBe(3);
  expect(next.present.blobs).toBe(copied.blobs);
  expect((await Array.fromAsync(b.walk())).map(({ digest }) => digest)).toEqual(texts.map(sha256).toSorted());
});
