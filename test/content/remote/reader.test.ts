import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { parseDigest } from "../../../content/parse-digest.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import type { ReaderAt } from "../../../content/store.ts";
import { Content, type ReadContentRequest } from "../../../gen/containerd/services/content/v1/content_pb.js";

const digest = parseDigest(`sha256:${"0".repeat(64)}`);

interface Answer {
  readonly offset?: number;
  readonly text: string;
}

/** A reader of ten bytes from a server that answers reads with just that. */
async function readerOver(answers: readonly Answer[], end?: ConnectError) {
  const requests: ReadContentRequest[] = [];
  const transport = createRouterTransport((router) =>
    router.service(Content, {
      info: () => ({ info: { digest, size: 10n } }),
      async *read(request) {
        requests.push(request);
        for (const { offset = 0, text } of answers) {
          yield { offset: BigInt(offset), data: new TextEncoder().encode(text) };
        }
        if (end !== undefined) throw end;
      },
    }),
  );
  return { reader: await createRemoteStore(transport).readerAt({ digest }), requests };
}

async function textOf(reader: ReaderAt, offset: number, length?: number): Promise<string> {
  let text = "";
  for await (const chunk of reader.read(offset, length)) text += new TextDecoder().decode(chunk);
  return text;
}

test("a reader knows the size and reads to the end, or as far as was asked", async () => {
  const { reader, requests } = await readerOver([{ text: "4567" }, { offset: 4, text: "89" }]);
  expect(reader.size).toBe(10);
  expect(await textOf(reader, 4)).toBe("456789");
  expect(await textOf(reader, 4, 6)).toBe("456789");
  expect(requests.map(({ offset, size }) => [offset, size])).toEqual([
    [4n, 6n],
    [4n, 6n],
  ]);
});

test("what the wire cannot ask for is answered here", async () => {
  const { reader, requests } = await readerOver([{ text: "all of it!" }]);
  expect(await textOf(reader, 10)).toBe("");
  expect(await textOf(reader, 3, 0)).toBe("");
  await expect(textOf(reader, -1)).rejects.toMatchObject({ kind: "out-of-range" });
  await expect(textOf(reader, 11)).rejects.toMatchObject({
    kind: "out-of-range",
    message: "read past object length 10 bytes",
  });
  expect(requests).toEqual([]);
});

describe("an answer that does not add up is data loss", () => {
  test.each([
    ["short", [{ text: "01234" }], "got 5 bytes, want 10"],
    ["empty", [], "got 0 bytes, want 10"],
    ["long", [{ text: "0123456789" }, { offset: 10, text: "x" }], "got 11 bytes, want 10"],
    ["with a hole", [{ text: "01" }, { offset: 4, text: "45" }], "got bytes at 4, want bytes at 2"],
    ["repeated", [{ text: "01" }, { offset: 0, text: "01" }], "got bytes at 0, want bytes at 2"],
  ])("%s", async (_, answers, text) => {
    const { reader } = await readerOver(answers);
    await expect(textOf(reader, 0)).rejects.toMatchObject({ kind: "data-loss", message: `content ${digest}: ${text}` });
  });
});

test("an error in the middle of a read keeps its kind and text", async () => {
  const loss = new ConnectError("content is damaged", Code.DataLoss);
  const { reader } = await readerOver([{ text: "01234" }], loss);
  await expect(textOf(reader, 0)).rejects.toMatchObject({ kind: "data-loss", message: "content is damaged" });
});

test("a closed reader reads no more", async () => {
  const { reader } = await readerOver([]);
  await reader.close();
  await reader.close();
  await expect(textOf(reader, 0)).rejects.toMatchObject({ kind: "failed-precondition" });
});

test("a read that is left early, or whose signal aborts, is cancelled at the server", async () => {
  const cancelled = Promise.withResolvers<void>();
  let calls = 0;
  const transport = createRouterTransport((router) =>
    router.service(Content, {
      info: () => ({ info: { digest, size: 10n } }),
      async *read(_, { signal }) {
        calls += 1;
        signal.addEventListener("abort", () => cancelled.resolve());
        yield { offset: 0n, data: new Uint8Array(1) };
        await cancelled.promise;
        yield { offset: 1n, data: new Uint8Array(1) };
      },
    }),
  );
  const reader = await createRemoteStore(transport).readerAt({ digest });
  for await (const chunk of reader.read(0)) {
    expect(chunk.length).toBe(1);
    break;
  }
  await cancelled.promise;
  const stop = new AbortController();
  const chunks = reader.read(0, 10, stop.signal)[Symbol.asyncIterator]();
  await chunks.next();
  stop.abort();
  await expect(chunks.next()).rejects.toMatchObject({ kind: "cancelled" });
  expect(calls).toBe(2);
});
