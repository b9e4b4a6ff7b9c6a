import { join } from "node:path";
import type { Transport } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { compareStores, copyMissing } from "../../content/remote/compare.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { StoreFacts } from "../../content/remote/stores.ts";
import { listStores } from "../../content/remote/stores.ts";
import type { Ctr } from "../support/ctr.ts";
import { grpcTransport } from "../support/grpc.ts";
import { makeHosts } from "../support/hosts.ts";
import { writeArchive } from "../support/oci-archive.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { startHub, startNode } from "./hub/node.ts";

const namespace = "k8s.io";

/** Two machines with a containerd each, and a third that shows both. */
async function startThree() {
  const [one, two, three] = await makeHosts(3);
  if (one === undefined || two === undefined || three === undefined) throw new Error("too few hosts");
  const nodes = { "node-1": await startNode(one, "node-1"), "node-2": await startNode(two, "node-2") };
  const { socket } = await startHub(three, nodes);
  return { ...nodes, hub: grpcTransport(socket) };
}

/** Put an image into a containerd. */
async function importImage(ctr: Ctr, name: string): Promise<void> {
  const archive = join(await makeTempDir(), "image.tar");
  await writeArchive(archive, name, name);
  const { status, stderr } = await ctr(["--namespace", namespace, "images", "import", "--no-unpack", archive]);
  expect([status, stderr]).toEqual([0, ""]);
}

/** Digests of what a containerd has. */
async function digestsOf(ctr: Ctr): Promise<readonly string[]> {
  const { stdout } = await ctr(["--namespace", namespace, "content", "ls", "--quiet"]);
  return stdout.split("\n").filter((line) => line !== "");
}

/** What the hub says of a store, once it is as it should be. */
async function untilStore(hub: Transport, wanted: Partial<StoreFacts> & Pick<StoreFacts, "name">): Promise<void> {
  const find = async () => (await listStores(hub))?.find(({ name }) => name === wanted.name);
  await expect.poll(find).toMatchObject(wanted);
}

const side = (store: string) => ({ store, namespaces: [namespace] });

async function compare(hub: Transport) {
  const events = await Array.fromAsync(
    compareStores(hub, side("node-1"), side("node-2"), new AbortController().signal),
  );
  const last = events.at(-1);
  if (last?.kind !== "report") throw new Error("no report");
  return last.report;
}

test("a hub compares the containerds of two nodes, copies what one lacks, and outlives a node", async () => {
  const { "node-1": first, "node-2": second, hub } = await startThree();
  await importImage(first.ctr, "example.com/one:1");
  await importImage(second.ctr, "example.com/two:1");
  const [inFirst, inSecond] = [await digestsOf(first.ctr), await digestsOf(second.ctr)];
  const missing = inFirst.filter((digest) => !inSecond.includes(digest));
  for (const [name, blobs] of [
    ["node-1", inFirst.length],
    ["node-2", inSecond.length],
  ] as const) {
    await untilStore(hub, { name, state: "live", blobs, allowsChanges: true });
  }

  const report = await compare(hub);
  expect(report.totals["only-a"].blobs).toBe(missing.length);
  expect(report.totals["only-b"].blobs).toBe(inSecond.length - (inFirst.length - missing.length));

  const { signal } = new AbortController();
  const progress = await Array.fromAsync(copyMissing(hub, { report: report.id, to: "b" }, signal));
  expect(progress.at(-1)).toMatchObject({ complete: true, failed: { blobs: 0 }, copied: { blobs: missing.length } });
  expect(await digestsOf(second.ctr)).toEqual(expect.arrayContaining([...inFirst]));
  for (const digest of missing) {
    const bytes = async (ctr: Ctr) => (await ctr(["--namespace", namespace, "content", "get", digest])).stdout;
    expect(await bytes(second.ctr)).toBe(await bytes(first.ctr));
  }
  await untilStore(hub, { name: "node-2", blobs: inSecond.length + missing.length });
  expect((await compare(hub)).totals["only-a"].blobs).toBe(0);

  await first.kill();
  await untilStore(hub, { name: "node-1", state: "unreachable" });
  const away = createRemoteStore(hub, { namespace, store: "node-1" });
  await expect(Array.fromAsync(away.walk())).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringContaining("store node-1 does not answer"),
  });
  const there = createRemoteStore(hub, { namespace, store: "node-2" });
  expect(await Array.fromAsync(there.walk())).toHaveLength(inSecond.length + missing.length);
  await first.start();
  await untilStore(hub, { name: "node-1", state: "live", blobs: inFirst.length });
  expect((await Array.fromAsync(away.walk())).length).toBe(inFirst.length);

  await second.host.setLink(false);
  await untilStore(hub, { name: "node-2", state: "unreachable" });
  await untilStore(hub, { name: "node-1", state: "live" });
  await second.host.setLink(true);
  await untilStore(hub, { name: "node-2", state: "live" });
}, 400_000);
