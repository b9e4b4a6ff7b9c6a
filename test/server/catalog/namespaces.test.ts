import { expect, test } from "vitest";
import { digestOf, openTestMetadata, put } from "../metadata/support.ts";
import { config, followNamespaces, manifest, openCatalog, tag } from "./support.ts";

test("a namespace is told when it is made, when it is labelled, and when it goes", async () => {
  const { metadata } = await openTestMetadata();
  const held = followNamespaces(openCatalog(metadata));
  await expect.poll(() => held.complete).toBe(true);
  expect(held.rows.size).toBe(0);
  await metadata.namespaces.create("n", { team: "payments" });
  await expect
    .poll(() => held.rows.get("n"))
    .toEqual({
      name: "n",
      labels: { team: "payments" },
      blobs: 0,
      bytes: 0,
      onlyBytes: 0,
      images: 0,
      leases: 0,
      ingests: 0,
      collected: false,
      untold: false,
    });
  await metadata.namespaces.update("n", { team: "search" }, ["labels.team"]);
  await expect.poll(() => held.rows.get("n")?.labels).toEqual({ team: "search" });
  await metadata.namespaces.delete("n");
  await expect.poll(() => held.rows.size).toBe(0);
});

test("a namespace tells what is in it, and what no other one has", async () => {
  const { metadata } = await openTestMetadata();
  const held = followNamespaces(openCatalog(metadata));
  await put(metadata, "a", "shared");
  await put(metadata, "b", "shared");
  await put(metadata, "a", "its own");
  await expect
    .poll(() => held.rows.get("a"))
    .toMatchObject({ blobs: 2, bytes: "sharedits own".length, onlyBytes: "its own".length, collected: false });
  await expect.poll(() => held.rows.get("b")).toMatchObject({ blobs: 1, bytes: "shared".length, onlyBytes: 0 });
  await metadata.leases.create("a", "pull", {});
  await tag(metadata, "one:1", manifest(config("amd64"), []), "b");
  const writer = await metadata.in({ namespace: "b" }).writer({ ref: "r" });
  await expect.poll(() => held.rows.get("a")).toMatchObject({ leases: 1, images: 0, collected: true });
  await expect.poll(() => held.rows.get("b")).toMatchObject({ leases: 0, images: 1, ingests: 1, collected: true });
  await writer.close();
  await metadata.in({ namespace: "b" }).abort("r");
  await metadata.in({ namespace: "b" }).delete(digestOf("shared"));
  await expect.poll(() => held.rows.get("a")?.onlyBytes).toBe("sharedits own".length);
  await expect.poll(() => held.rows.get("b")).toMatchObject({ blobs: 0, bytes: 0, ingests: 0 });
});
