import { expect, onTestFinished, test } from "vitest";
import { changesSince } from "../../../content/remote/changes-since.ts";
import { getBlobPage } from "../../../content/remote/pages.ts";
import { createStowageContent } from "../../../server/services/stowage-content.ts";
import { openTestMetadata, put } from "../metadata/support.ts";
import { transportTo } from "./calls.ts";

const asked = { selection: { namespaces: ["n"] }, orderBy: "size desc" };

async function open() {
  const { metadata } = await openTestMetadata();
  const stopping = new AbortController();
  onTestFinished(() => stopping.abort());
  const transport = transportTo(createStowageContent(metadata, { stopping: stopping.signal }));
  const read = async () => {
    const page = await getBlobPage(transport, { ...asked, size: 1 });
    return { token: page?.token ?? "", since: new Date() };
  };
  const { signal } = stopping;
  return {
    metadata,
    read,
    since: (options: Parameters<typeof changesSince>[1]) => changesSince(transport, options, signal),
  };
}

test("what came, changed and went since a page was read is counted, each row once", async () => {
  const { metadata, read, since } = await open();
  const store = metadata.in({ namespace: "n" });
  const [labelled, deleted] = [await put(metadata, "n", "a"), await put(metadata, "n", "bb")];
  await put(metadata, "n", "ccc");
  // What was there before is of another millisecond than the page.
  const filledAt = Date.now();
  await expect.poll(() => Date.now(), { interval: 1 }).toBeGreaterThan(filledAt);
  const page = await read();
  await put(metadata, "n", "dddd");
  await put(metadata, "n", "eeeee");
  await put(metadata, "elsewhere", "f");
  await store.update({ digest: labelled, labels: { team: "a" } });
  await store.update({ digest: labelled, labels: { team: "b" } });
  await store.delete(deleted);
  expect(await since({ ...asked, ...page })).toEqual({ added: 2, changed: 1, removed: 1 });
  expect(await since({ ...asked, ...(await read()) })).toEqual({ added: 0, changed: 0, removed: 0 });
});

test("a server that does not remember, and one that was asked something else, cannot tell", async () => {
  const [before, after] = [await open(), await open()];
  const page = await before.read();
  expect(await after.since({ ...asked, ...page })).toBeUndefined();
  expect(await before.since({ ...asked, orderBy: "digest", ...page })).toBeUndefined();
  expect(await before.since({ ...asked, ...page, token: "nonsense" })).toBeUndefined();
});

test("a page of a query that asks for ages tells nothing to go on from", async () => {
  const { metadata } = await open();
  const transport = transportTo(createStowageContent(metadata, { stopping: new AbortController().signal }));
  const page = await getBlobPage(transport, {
    selection: { namespaces: ["n"], query: "age:<1d" },
    orderBy: "",
    size: 1,
  });
  expect(page).toMatchObject({ blobs: [], count: 0 });
  expect(page).not.toHaveProperty("token");
});
