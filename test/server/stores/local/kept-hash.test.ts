import { utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytes, digestOf, leave } from "../../../suite/support.ts";
import { openPlace } from "./support.ts";

const dataOf = (root: string, ref: string) =>
  join(root, "ingest", digestOf(bytes(ref)).slice("sha256:".length), "data");

test("bytes that were changed between two writers are hashed as they are, also when it is at once", async () => {
  const { root, store } = await openPlace();
  for (let round = 0; round < 20; round += 1) {
    const ref = `r${round}`;
    await leave(store, ref, bytes("abc"));
    await writeFile(dataOf(root, ref), "abd");
    await using writer = await store.writer({ ref });
    expect(writer.digest()).toBe(digestOf(bytes("abd")));
  }
});

test("an ingest goes on with the hash of another algorithm, and with the one it had", async () => {
  const { root, store } = await openPlace();
  await leave(store, "r", bytes("abc"));
  await using again = await store.writer({ ref: "r" });
  await again.write(bytes("d"));
  expect(again.digest()).toBe(digestOf(bytes("abcd")));
  await again.close();
  await using other = await store.writer({ ref: "r", algorithm: "sha512" });
  expect(other.digest()).toBe(digestOf(bytes("abcd"), "sha512"));
  await other.close();
  const now = new Date();
  await utimes(dataOf(root, "r"), now, now);
  await using touched = await store.writer({ ref: "r" });
  expect(touched.digest()).toBe(digestOf(bytes("abcd")));
});

test("after a restart ingests still tell when their last byte came", async () => {
  const { root, store } = await openPlace();
  for (let at = 0; at < 20; at += 1) await leave(store, `r${at}`, bytes("abc"));
  const before = await Array.fromAsync(store.listStatuses());
  await store[Symbol.asyncDispose]();
  const again = await openPlace(root);
  expect(await Array.fromAsync(again.store.listStatuses())).toEqual(before);
});
