import { expect, test } from "vitest";
import { createRemoteStore } from "../../../../content/remote/store.ts";
import { buildkitPlugin } from "../../../../server/stores/buildkit/plugin.ts";
import { ociLayoutPlugin } from "../../../../server/stores/oci-layout/plugin.ts";
import { bytes, digests, failure, get } from "../../../suite/support.ts";
import { serveSeveral } from "../../store-set/several.ts";
import { openTestLayout, putBlob } from "./support.ts";

test("a server shows a folder and a buildkitd that is not there beside its own store", async () => {
  const { root } = await openTestLayout();
  const digest = await putBlob(root, bytes("in the folder"));
  const { grpc, server } = await serveSeveral([
    { name: "app", plugin: ociLayoutPlugin, config: { path: root } },
    { name: "gone", plugin: buildkitPlugin, config: { address: `unix:${root}/none.sock` } },
  ]);
  const app = createRemoteStore(grpc, { namespace: "default", store: "app" });
  expect(await digests(app)).toEqual([digest]);
  expect((await get(app, digest)).toString()).toBe("in the folder");
  await expect(app.delete(digest)).rejects.toEqual(
    failure("permission-denied", /opened read-only; a folder is only read/),
  );
  const gone = createRemoteStore(grpc, { namespace: "buildkit", store: "gone" });
  await expect(digests(gone)).rejects.toEqual(failure("unavailable", /^store gone does not answer/));
  const { stores } = await server.listStores({});
  expect(stores.map(({ name, plugin, allowsChanges, blobs }) => ({ name, plugin, allowsChanges, blobs }))).toEqual([
    { name: "local", plugin: "memory", allowsChanges: true, blobs: 0n },
    { name: "app", plugin: "oci-layout", allowsChanges: false, blobs: 1n },
    { name: "gone", plugin: "buildkit", allowsChanges: false, blobs: undefined },
  ]);
});
