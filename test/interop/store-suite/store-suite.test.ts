import { beforeAll, expect, onTestFinished, test } from "vitest";
import { copyGraph } from "../../../content/copy-graph.ts";
import { readBytes } from "../../../content/read-blob.ts";
import { listImages } from "../../../content/remote/images.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import type { Store } from "../../../content/store.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { putImage } from "../../content/copy/image.ts";
import { describeStore } from "../../suite/store-suite.ts";
import { bytes, digests, failure, put } from "../../suite/support.ts";
import { startContainerd } from "../../support/containerd.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { differences } from "./differences.ts";
import { buildFlat, startFlat } from "./flat.ts";

let containerd: string;
let flat: string;
let namespaces = 0;

beforeAll(async () => {
  flat = await buildFlat();
  const started = await startContainerd();
  containerd = started.socket;
  return () => started[Symbol.asyncDispose]();
}, 300_000);

/** Every test has a namespace of its own. */
async function openInContainerd(): Promise<Store> {
  namespaces += 1;
  return createRemoteStore(grpcTransport(containerd), { namespace: `suite-${namespaces}` });
}

/** Every test has a server of its own. */
async function openFlat(): Promise<Store> {
  const server = await startFlat(flat, await makeTempDir());
  onTestFinished(() => server[Symbol.asyncDispose]());
  return createRemoteStore(grpcTransport(server.socket));
}

// A containerd lets all others wait while one waits for a ref.
const openers = 4;

describeStore("a containerd over its socket", openInContainerd, {
  labels: true,
  openers,
  // It renames a file that the abort may have removed.
  overtakenCommit: "any",
  differences: differences.containerd,
});

describeStore("containerd's content service over its local store alone", openFlat, {
  labels: false,
  openers,
  // It looks for the blob and then renames its file to it: two may find none.
  winningCommits: "any",
  differences: differences.flat,
});

test("of a server that can only be read, as a buildkitd's store is, all is read and copied, and the rest is refused", async () => {
  const folder = await makeTempDir();
  await using writable = await startFlat(flat, folder);
  const image = await putImage(createRemoteStore(grpcTransport(writable.socket)));
  await using server = await startFlat(flat, folder, true);
  const transport = grpcTransport(server.socket);
  const store = createRemoteStore(transport);
  const copied = createMemoryStore();
  await copyGraph(store, copied, image.index, { childLabels: false }).finish();
  expect(await digests(copied)).toEqual(await digests(store));
  expect(await digests(store)).toHaveLength(image.all.length);
  const { digest } = image.index;
  expect(await readBytes(store, { digest })).toHaveLength(image.index.size);
  const refused = failure("internal", "read-only content store");
  await expect(put(store, bytes("new"))).rejects.toEqual(refused);
  await expect(store.update({ digest, labels: {} })).rejects.toEqual(refused);
  await expect(store.delete(digest)).rejects.toEqual(refused);
  await expect(store.abort("none")).rejects.toEqual(refused);
  const unary = createRemoteStore(transport, { writer: "unary" });
  await expect(put(unary, bytes("new"))).rejects.toEqual(failure("not-implemented"));
  await expect(listImages(transport, {})).rejects.toEqual(failure("not-implemented"));
});
