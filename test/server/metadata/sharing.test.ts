import { describe, expect, test } from "vitest";
import { digestOf, get, openTestMetadata, put } from "./support.ts";

const shared = "the same bytes";
const digest = digestOf(shared);
const size = shared.length;

/** A blob that namespace `a` holds, and a writer in `b` that declares it. */
async function offer(declared: { digest: typeof digest; size?: number } = { digest }) {
  const opened = await openTestMetadata();
  await put(opened.metadata, "a", shared);
  const store = opened.metadata.in({ namespace: "b" });
  const writer = await store.writer({ ref: "r", descriptor: declared });
  return { ...opened, store, writer };
}

describe("a blob of another namespace", () => {
  test("is not there for anybody who did not commit it", async () => {
    const { store } = await offer();
    await expect(store.info(digest)).rejects.toMatchObject({ kind: "not-found", message: `content digest ${digest}` });
    await expect(store.readerAt({ digest })).rejects.toMatchObject({ kind: "not-found" });
    await expect(store.delete(digest)).rejects.toMatchObject({ kind: "not-found" });
    expect(await Array.fromAsync(store.walk())).toEqual([]);
  });

  test("is offered whole to a writer that declares it, and committed without a byte", async () => {
    const { store, writer } = await offer();
    expect(await writer.status()).toMatchObject({ offset: size, expected: digest });
    expect(writer.digest()).toBe(digest);
    expect(await writer.commit({ size, expected: digest, labels: { a: "b" } })).toBe(digest);
    expect(await store.info(digest)).toMatchObject({ size, labels: { a: "b" } });
    expect(await get(store, digest)).toBe(shared);
    await expect(store.status("r")).rejects.toMatchObject({ kind: "not-found" });
  });

  test("is not offered when another size is declared", async () => {
    const { writer } = await offer({ digest, size: size + 1 });
    expect(await writer.status()).toMatchObject({ offset: 0, total: size + 1 });
  });

  test("that is offered is taken back for one with another size or digest, and the ingest stays", async () => {
    const one = await offer();
    await expect(one.writer.commit({ size: size + 1 })).rejects.toMatchObject({
      kind: "failed-precondition",
      message: `"r" failed size validation: ${size} != ${size + 1}`,
    });
    expect(await one.store.status("r")).toMatchObject({ offset: size });
    const other = await offer();
    await expect(other.writer.commit({ expected: digestOf("other") })).rejects.toMatchObject({
      kind: "failed-precondition",
      message: '"r" unexpected digest',
    });
  });

  test("that is offered can be written on", async () => {
    const { store, writer } = await offer();
    await writer.write(Buffer.from(" and more"));
    expect(await writer.status()).toMatchObject({ offset: size + 9 });
    const longer = digestOf(`${shared} and more`);
    expect(await writer.commit({ size: size + 9, expected: longer })).toBe(longer);
    expect(await get(store, longer)).toBe(`${shared} and more`);
    await expect(store.info(digest)).rejects.toMatchObject({ kind: "not-found" });
  });

  test("that is offered can be written over from the start", async () => {
    const { store, writer } = await offer();
    await writer.truncate(0);
    await writer.write(Buffer.from("new"));
    expect(await get(store, await writer.commit({ expected: digestOf("new") }))).toBe("new");
  });

  test("that is offered locks its ref like any other ingest, and is listed and aborted like one", async () => {
    const { store, writer } = await offer();
    await expect(store.writer({ ref: "r" })).rejects.toMatchObject({ kind: "unavailable" });
    expect(await Array.fromAsync(store.listStatuses())).toMatchObject([{ ref: "r", offset: size }]);
    await store.abort("r");
    await expect(writer.commit()).rejects.toMatchObject({ kind: "aborted" });
    await expect(store.info(digest)).rejects.toMatchObject({ kind: "not-found" });
  });

  test("that goes while it is offered is refused at the commit, and the ref starts at 0 again", async () => {
    const { metadata, store, writer } = await offer();
    await metadata.in({ namespace: "a" }).delete(digest);
    await expect(writer.commit()).rejects.toMatchObject({ kind: "failed-precondition" });
    expect(await store.status("r")).toMatchObject({ offset: 0 });
    const again = await store.writer({ ref: "r", descriptor: { digest } });
    await again.write(Buffer.from(shared));
    expect(await again.commit()).toBe(digest);
  });
});

describe("bytes that two namespaces hold", () => {
  test("are committed to the second without a refusal, when nothing was declared", async () => {
    const { metadata, below } = await openTestMetadata();
    await put(metadata, "a", shared);
    expect(await put(metadata, "b", shared, { owner: "b" })).toBe(digest);
    expect(await Array.fromAsync(below.walk())).toHaveLength(1);
    expect((await metadata.in({ namespace: "a" }).info(digest)).labels).toEqual({});
    expect((await metadata.in({ namespace: "b" }).info(digest)).labels).toEqual({ owner: "b" });
  });

  test("stay until the last one deletes them", async () => {
    const { metadata, below } = await openTestMetadata();
    const [a, b] = [metadata.in({ namespace: "a" }), metadata.in({ namespace: "b" })];
    await put(metadata, "a", shared);
    await put(metadata, "b", shared);
    await a.delete(digest);
    expect(await get(b, digest)).toBe(shared);
    await b.delete(digest);
    expect(await Array.fromAsync(below.walk())).toEqual([]);
  });

  test("survive a delete and a commit at the same time", async () => {
    const { metadata } = await openTestMetadata();
    for (let round = 0; round < 30; round += 1) {
      await put(metadata, "a", shared);
      await Promise.all([metadata.in({ namespace: "a" }).delete(digest), put(metadata, "b", shared)]);
      const b = metadata.in({ namespace: "b" });
      expect(await get(b, digest)).toBe(shared);
      await b.delete(digest);
    }
  });
});

describe("where namespaces are isolated", () => {
  async function isolated(labels: Record<string, string> = {}) {
    const { metadata, below } = await openTestMetadata({ sharing: "isolated" });
    await metadata.namespaces.create("a", labels);
    await put(metadata, "a", shared);
    const store = metadata.in({ namespace: "b" });
    const writer = await store.writer({ ref: "r", descriptor: { digest } });
    return { metadata, below, store, writer };
  }

  test("a blob of another one is not offered, and whoever has its bytes commits them", async () => {
    const { store, writer, below } = await isolated();
    expect(await writer.status()).toMatchObject({ offset: 0 });
    await writer.write(Buffer.from(shared));
    expect(await writer.commit({ expected: digest })).toBe(digest);
    expect(await get(store, digest)).toBe(shared);
    expect(await Array.fromAsync(below.walk())).toHaveLength(1);
  });

  test.each([["none"], ["other bytes that"], ["the same byte"]])("%j of the bytes are not enough", async (text) => {
    const { store, writer } = await isolated();
    await writer.write(Buffer.from(text));
    await expect(writer.commit({ expected: digest })).rejects.toMatchObject({ kind: "failed-precondition" });
    await expect(store.info(digest)).rejects.toMatchObject({ kind: "not-found" });
  });

  test("one that shares by its label offers what it holds, until the label is another", async () => {
    const label = "containerd.io/namespace.shareable";
    const { metadata, writer } = await isolated({ [label]: "true" });
    expect(await writer.status()).toMatchObject({ offset: size });
    await metadata.namespaces.update("a", { [label]: "false" }, [`labels.${label}`]);
    const third = await metadata.in({ namespace: "c" }).writer({ ref: "r", descriptor: { digest } });
    expect(await third.status()).toMatchObject({ offset: 0 });
  });
});
