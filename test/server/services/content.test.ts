import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import type { Info } from "../../../content/store.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { beginWrite, failure, headers, putBlob, serveContent, sha256 } from "./calls.ts";

const absent = sha256("absent");
const call = { headers };

describe("what every method says of a digest that is none", () => {
  test.for<[string, string]>([
    ["abc", "invalid checksum digest format"],
    ["sha256:abc", "invalid checksum digest length"],
    ["md5:d41d8cd98f00b204e9800998ecf8427e", "unsupported digest algorithm"],
    [`sha256:${"../".repeat(20)}root`, "invalid checksum digest format"],
  ])("%s", async ([digest, fault]) => {
    const { client } = serveContent();
    const failed = async (work: Promise<unknown>) => {
      const { code, rawMessage } = await failure(work);
      return [code, rawMessage];
    };
    const invalid = (text: string) => [Code.InvalidArgument, `${text}: invalid argument`];
    expect(await failed(client.info({ digest }, call))).toEqual(invalid(`"${digest}" failed validation`));
    expect(await failed(client.update({ info: { digest } }, call))).toEqual(invalid(`"${digest}" failed validation`));
    expect(await failed(client.delete({ digest }, call))).toEqual(invalid(fault));
    expect(await failed(Array.fromAsync(client.read({ digest }, call)))).toEqual(invalid(`${digest}: ${fault}`));
  });
});

test("what is not there is not found, by every method", async () => {
  const { client } = serveContent();
  for (const work of [
    () => client.info({ digest: absent }, call),
    () => client.delete({ digest: absent }, call),
    () => Array.fromAsync(client.read({ digest: absent }, call)),
  ]) {
    expect(await failure(work())).toMatchObject({ code: Code.NotFound, rawMessage: `content ${absent}: not found` });
  }
  expect(await failure(client.status({ ref: 'a"b' }, call))).toMatchObject({
    code: Code.NotFound,
    rawMessage: 'could not get status for ref "a\\"b": reference a"b: not found',
  });
  expect((await failure(client.abort({ ref: "r" }, call))).code).toBe(Code.NotFound);
});

test("every method needs a namespace", async () => {
  const { client } = serveContent();
  for (const work of [
    () => client.info({ digest: absent }),
    () => client.update({ info: { digest: absent } }),
    () => Array.fromAsync(client.list({})),
    () => client.delete({ digest: absent }),
    () => Array.fromAsync(client.read({ digest: absent })),
    () => client.status({ ref: "r" }),
    () => client.listStatuses({}),
    () => client.abort({ ref: "r" }),
  ]) {
    const { code, rawMessage } = await failure(work());
    expect(code).toBe(Code.FailedPrecondition);
    expect(rawMessage).toMatch(/^(could not get status for ref "r": )?namespace is required: failed precondition$/);
  }
});

test("a blob can be asked for, read and deleted", async () => {
  const { client, store } = serveContent();
  const digest = await putBlob(store, "hello");
  const { info } = await client.info({ digest }, call);
  expect(info).toMatchObject({ digest, size: 5n, labels: {} });
  const answers = await Array.fromAsync(client.read({ digest, offset: 1n, size: 3n }, call));
  expect(answers.map(({ offset, data }) => [Number(offset), Buffer.from(data).toString()])).toEqual([[0, "ell"]]);
  await client.delete({ digest }, call);
  expect((await failure(client.info({ digest }, call))).code).toBe(Code.NotFound);
});

test("a bare store keeps no labels, and says so", async () => {
  const { client, store } = serveContent();
  const digest = await putBlob(store, "hello");
  expect(await failure(client.update({ info: { digest, labels: { a: "b" } } }, call))).toMatchObject({
    code: Code.FailedPrecondition,
    rawMessage: "update not supported on immutable content store: failed precondition",
  });
});

describe("a list", () => {
  test("comes in messages of 100, in the order of digests", async () => {
    const { client, store } = serveContent();
    for (let number = 0; number < 250; number += 1) await putBlob(store, `blob ${number}`);
    const messages = await Array.fromAsync(client.list({}, call));
    expect(messages.map(({ info }) => info.length)).toEqual([100, 100, 50]);
    const digests = messages.flatMap(({ info }) => info.map(({ digest }) => digest));
    expect(digests).toEqual(digests.toSorted());
  });

  test("of nothing is no message, and no error", async () => {
    expect(await Array.fromAsync(serveContent().client.list({}, call))).toEqual([]);
  });

  test("sends its first message before it has read the last row", async () => {
    let read = 0;
    async function* walk(): AsyncGenerator<Info> {
      const time = new Date();
      for (; read < 1000; read += 1) yield { digest: absent, size: 1, createdAt: time, updatedAt: time, labels: {} };
    }
    const { client } = serveContent({ ...createMemoryStore(), walk });
    for await (const _ of client.list({}, call)) break;
    expect(read).toBeLessThan(500);
  });

  test("takes containerd's filters, any of which may match", async () => {
    const { client, store } = serveContent();
    const [a, b] = [await putBlob(store, "a"), await putBlob(store, "b")];
    await putBlob(store, "c");
    const list = async (...filters: string[]) =>
      (await Array.fromAsync(client.list({ filters }, call))).flatMap(({ info }) => info.map(({ digest }) => digest));
    expect(await list(`digest==${a}`, `digest~=^${b}`)).toEqual([a, b].toSorted());
    const error = await failure(list('digest=="'));
    expect([error.code, error.rawMessage]).toEqual([
      Code.InvalidArgument,
      'filters: parse error: [digest== >|"|< ]: quoted literal not terminated: invalid argument',
    ]);
  });
});

describe("ingests", () => {
  test("can be asked for while they are written, and aborted by anybody", async () => {
    const { client } = serveContent();
    const write = beginWrite(client);
    await write.stat({ ref: "r", total: 9n, expected: absent });
    await write.write(0, "abc");
    const { status } = await client.status({ ref: "r" }, call);
    expect(status).toMatchObject({ ref: "r", offset: 3n, total: 9n, expected: absent });
    await beginWrite(client).stat({ ref: "s" });
    const all = await client.listStatuses({ filters: [""] }, call);
    expect(all.statuses.map(({ ref }) => ref)).toEqual(["r", "s"]);
    const some = await client.listStatuses({ filters: ["ref==s"] }, call);
    expect(some.statuses.map(({ ref }) => ref)).toEqual(["s"]);
    await client.abort({ ref: "r" }, call);
    expect((await failure(write.write(3, "def"))).code).toBe(Code.Aborted);
    expect(await beginWrite(client).stat({ ref: "r" })).toMatchObject({ offset: 0n });
  });
});
