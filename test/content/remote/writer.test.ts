import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect, onTestFinished, test, vi } from "vitest";
import { parseDigest } from "../../../content/parse-digest.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import {
  Content,
  WriteAction,
  type WriteContentRequest,
} from "../../../gen/containerd/services/content/v1/content_pb.js";

const digest = parseDigest(`sha256:${"0".repeat(64)}`);
const other = parseDigest(`sha256:${"1".repeat(64)}`);

/** How a peer answers one message after the open; `end` ends its stream without an answer. */
type Reply = { readonly offset: number; readonly digest?: string } | ConnectError | "end";

/** A writer over a two-way call to a peer that opens at 0 and then answers with just these. */
async function writerOver(replies: readonly Reply[]) {
  const got: WriteContentRequest[] = [];
  const ended = Promise.withResolvers<void>();
  const transport = createRouterTransport((router) =>
    router.service(Content, {
      async *write(requests) {
        try {
          for await (const request of requests) {
            got.push(request);
            const reply = got.length === 1 ? { offset: 0 } : replies[got.length - 2];
            if (reply === undefined || reply === "end") return;
            if (reply instanceof ConnectError) throw reply;
            yield { action: request.action, digest: reply.digest ?? "", offset: BigInt(reply.offset) };
          }
        } finally {
          ended.resolve();
        }
      },
    }),
  );
  const writer = await createRemoteStore(transport).writer({ ref: "r", descriptor: { digest, size: 4 } });
  return { writer, got, ended: ended.promise };
}

const bytes = (length: number) => new Uint8Array(length);

test("a write is a STAT that declares, WRITEs at the offset, and a COMMIT", async () => {
  const { writer, got, ended } = await writerOver([{ offset: 2 }, { offset: 4 }, { offset: 4, digest }]);
  await writer.write(bytes(2));
  await writer.write(bytes(2));
  expect(await writer.commit({ size: 4, expected: digest, labels: { a: "b" } })).toBe(digest);
  await ended;
  const plain = got.map(({ action, ref, total, expected, offset, data, labels }) => {
    return [WriteAction[action], ref, Number(total), expected, Number(offset), data.length, labels];
  });
  expect(plain).toEqual([
    ["STAT", "r", 4, digest, 0, 0, {}],
    ["WRITE", "", 0, "", 0, 2, {}],
    ["WRITE", "", 0, "", 2, 2, {}],
    ["COMMIT", "", 4, digest, 4, 0, { a: "b" }],
  ]);
});

test("data larger than a message is cut into messages of 1 MiB, in order", async () => {
  const mebibyte = 1024 * 1024;
  const { writer, got } = await writerOver([
    { offset: mebibyte },
    { offset: 2 * mebibyte },
    { offset: 2 * mebibyte + 1 },
  ]);
  await writer.write(bytes(2 * mebibyte + 1));
  expect(got.slice(1).map(({ data }) => data.length)).toEqual([mebibyte, mebibyte, 1]);
  await writer.close();
});

test("close ends the call and keeps the bytes; twice is no error; then nothing can be written", async () => {
  const { writer, ended } = await writerOver([{ offset: 2 }]);
  await writer.write(bytes(2));
  await writer.close();
  await ended;
  await writer.close();
  await expect(writer.write(bytes(1))).rejects.toMatchObject({ kind: "failed-precondition" });
  await expect(writer.status()).rejects.toMatchObject({ kind: "failed-precondition" });
  await expect(writer.commit()).rejects.toMatchObject({ kind: "failed-precondition" });
});

test("a writer whose ingest somebody aborted says so again and again", async () => {
  const { writer } = await writerOver([new ConnectError("ingest r was aborted", Code.Aborted)]);
  for (const attempt of [() => writer.write(bytes(1)), () => writer.status(), () => writer.truncate(0)]) {
    await expect(attempt()).rejects.toMatchObject({ kind: "aborted", message: "ingest r was aborted" });
  }
  await writer.close();
});

test("a call that the server ends without an answer was not answered", async () => {
  const { writer } = await writerOver(["end"]);
  await expect(writer.write(bytes(1))).rejects.toMatchObject({ kind: "unavailable" });
});

test("an answer at another offset is data loss: bytes went missing", async () => {
  const { writer } = await writerOver([{ offset: 1 }]);
  await expect(writer.write(bytes(2))).rejects.toMatchObject({ kind: "data-loss" });
});

test("a commit of another digest than was asked for is data loss", async () => {
  const { writer } = await writerOver([{ offset: 0, digest: other }]);
  await expect(writer.commit({ expected: digest })).rejects.toMatchObject({ kind: "data-loss" });
});

test("a failed commit keeps its error and lets go of the ref", async () => {
  const refused = new ConnectError(
    "unexpected commit size 0, expected 4: failed precondition",
    Code.FailedPrecondition,
  );
  const { writer, ended } = await writerOver([refused]);
  await expect(writer.commit({ size: 4 })).rejects.toMatchObject({
    kind: "failed-precondition",
    message: "unexpected commit size 0, expected 4",
  });
  await ended;
});

test("what no message can say is refused here", async () => {
  const { writer } = await writerOver([]);
  await expect(writer.truncate(1)).rejects.toMatchObject({ kind: "invalid-argument" });
  await writer.close();
  const store = createRemoteStore(createRouterTransport(() => undefined));
  await expect(store.writer({ ref: "r", algorithm: "sha512" })).rejects.toMatchObject({ kind: "invalid-argument" });
});

test("an aborted signal cuts the call", async () => {
  const stop = new AbortController();
  const ended = Promise.withResolvers<void>();
  const transport = createRouterTransport((router) =>
    router.service(Content, {
      async *write(_, { signal }) {
        signal.addEventListener("abort", () => ended.resolve());
        yield { action: WriteAction.STAT };
        await ended.promise;
      },
    }),
  );
  const writer = await createRemoteStore(transport).writer({ ref: "r" }, stop.signal);
  const write = writer.write(bytes(1));
  stop.abort();
  await expect(write).rejects.toMatchObject({ kind: "cancelled" });
  await ended.promise;
  await writer.close();
});

test("a close waits five seconds for the server to end the call, and then cuts it", async () => {
  onTestFinished(() => void vi.useRealTimers());
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const cut = Promise.withResolvers<void>();
  const transport = createRouterTransport((router) =>
    router.service(Content, {
      async *write(_, { signal }) {
        signal.addEventListener("abort", () => cut.resolve());
        yield { action: WriteAction.STAT };
        await cut.promise;
      },
    }),
  );
  const writer = await createRemoteStore(transport).writer({ ref: "r" });
  let isClosed = false;
  const closing = writer.close().then(() => (isClosed = true));
  await vi.advanceTimersByTimeAsync(4_999);
  expect(isClosed).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await Promise.all([closing, cut.promise]);
});
