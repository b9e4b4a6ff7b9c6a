import { expect, test } from "vitest";
import type { Change } from "../../../server/feed/change.ts";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import type { MirrorSource } from "../../../server/mirror/source.ts";
import { config, manifest, store, tag } from "../catalog/support.ts";
import { openTestMetadata, put } from "../metadata/support.ts";
import { follow, openTestMirror, sourceOver } from "./support.ts";

/** A source in whose place another one comes, as where the disk of a daemon was replaced. */
function replaceable(first: Metadata) {
  let current = sourceOver(first);
  const { images, leases } = current;
  const source: MirrorSource = {
    ...current,
    namespaces: (signal) => current.namespaces(signal),
    in: (scope) => current.in(scope),
    ...(images && { images: { list: (...asked) => (current.images ?? images).list(...asked) } }),
    ...(leases && { leases: { ...leases, list: (...asked) => (current.leases ?? leases).list(...asked) } }),
  };
  return { source, replace: (next: Metadata) => void (current = sourceOver(next)) };
}

test("of a daemon that comes back with nothing in it nothing stays, and each that is gone is told once", async () => {
  const [{ metadata: full }, { metadata: empty }] = [await openTestMetadata(), await openTestMetadata()];
  const image = manifest(config("amd64"), []);
  for (const namespace of ["a", "b"]) {
    await store(full, namespace, image);
    await tag(full, "app:1", image, namespace);
    await full.leases.create(namespace, "holds", {});
    await full.leases.addResource(namespace, "holds", { type: "content", id: await put(full, namespace, "held") });
  }
  await using writer = await full.in({ namespace: "a" }).writer({ ref: "going" });
  await writer.write(Buffer.from("some"));
  const { source, replace } = replaceable(full);
  const lines: string[] = [];
  const { mirror } = await openTestMirror({ source, lines });
  await mirror.ready();
  const { changes } = follow(mirror);
  await expect.poll(() => Array.fromAsync(mirror.ingests("*"))).toHaveLength(1);

  replace(empty);
  await expect.poll(() => mirror.catalog.namespaces()).toEqual([]);
  await expect.poll(() => Array.fromAsync(mirror.ingests("*"))).toEqual([]);
  expect(await Array.fromAsync(mirror.catalog.images())).toEqual([]);
  expect(await Array.fromAsync(mirror.catalog.leases())).toEqual([]);
  expect(mirror.totals("*")).toEqual({ count: 0, bytes: 0 });
  const isGone = (change: Change): boolean => change.before !== undefined && !("after" in change);
  const gone = () => Object.entries(Object.groupBy(changes.filter(isGone), ({ kind }) => kind));
  const counts = () => Object.fromEntries(gone().map(([kind, { length }]) => [kind, length]));
  await expect.poll(counts).toEqual({ blob: 4, image: 2, lease: 2, namespace: 2, ingest: 1 });
  expect(lines.filter((line) => JSON.parse(line).level > 20)).toEqual([]);
});
