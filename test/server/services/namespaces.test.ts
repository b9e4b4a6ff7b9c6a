import { Code, createClient } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { openMetadata } from "../../../server/metadata/sqlite.ts";
import { createNamespacesService } from "../../../server/services/namespaces.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { bytesOf, failure, transportTo } from "./calls.ts";

async function open() {
  const root = await makeTempDir();
  const metadata = await openMetadata({ root, below: createMemoryStore(), logger: createLog().logger });
  onTestFinished(() => metadata[Symbol.asyncDispose]());
  return { metadata, client: createClient(Namespaces, transportTo(createNamespacesService(metadata.namespaces))) };
}

test("a namespace is created, listed, labelled and deleted", async () => {
  const { client } = await open();
  const created = await client.create({ namespace: { name: "team", labels: { owner: "mei" } } });
  expect(created.namespace).toMatchObject({ name: "team", labels: { owner: "mei" } });
  expect((await client.list({})).namespaces).toMatchObject([{ name: "team", labels: { owner: "mei" } }]);
  const updateMask = { paths: ["labels.tier", "labels.owner"] };
  await client.update({ namespace: { name: "team", labels: { tier: "gold", owner: "" } }, updateMask });
  expect((await client.get({ name: "team" })).namespace?.labels).toEqual({ tier: "gold" });
  await client.delete({ name: "team" });
  expect((await client.list({})).namespaces).toEqual([]);
});

test("one that is not there has no labels when it is asked for, and cannot be deleted", async () => {
  const { client } = await open();
  expect((await client.get({ name: "none" })).namespace).toMatchObject({ name: "none", labels: {} });
  expect((await failure(client.delete({ name: "none" }))).code).toBe(Code.NotFound);
});

test("one that is there already, or whose name is none, is not created", async () => {
  const { client } = await open();
  await client.create({ namespace: { name: "team" } });
  expect((await failure(client.create({ namespace: { name: "team" } }))).code).toBe(Code.AlreadyExists);
  for (const name of ["", "a b", "../x", "a".repeat(77)]) {
    expect((await failure(client.create({ namespace: { name } }))).code).toBe(Code.InvalidArgument);
  }
  expect((await failure(client.create({}))).code).toBe(Code.InvalidArgument);
});

test("one that holds something is not deleted, and the answer says what is left", async () => {
  const { client, metadata } = await open();
  await client.create({ namespace: { name: "team" } });
  await using writer = await metadata.in({ namespace: "team" }).writer({ ref: "r" });
  await writer.write(bytesOf("abc"));
  await writer.commit();
  const error = await failure(client.delete({ name: "team" }));
  expect(error.code).toBe(Code.FailedPrecondition);
  expect(error.rawMessage).toContain('namespace "team" must be empty');
});
