import type { Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { ContentError } from "../../../content/errors.ts";
import type { HeldRef } from "../../../content/remote/held-ref.ts";
import { releaseWriter } from "../../../content/remote/held-ref.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";

/** What a page of another origin got, one line each; of what failed, the kind of error. */
export type Tried = Readonly<Record<"connect" | "grpcWeb" | "refused" | "written" | "held" | "part", string>>;

const namespace = "n";

/** Try all that a page does, on a server. Runs in the browser. @param path of a blob to download a part of */
export async function tryAll(baseUrl: string, path: string): Promise<Tried> {
  const connect = createConnectTransport({ baseUrl, useBinaryFormat: true });
  const grpcWeb = createGrpcWebTransport({ baseUrl });
  return {
    connect: await outcome(() => list(connect)),
    grpcWeb: await outcome(() => list(grpcWeb)),
    refused: await outcome(async () => (await createRemoteStore(grpcWeb, { namespace }).status("none")).ref),
    written: await outcome(() => write(connect)),
    held: await outcome(() => hold(connect, baseUrl)),
    part: await outcome(() => part(baseUrl + path)),
  };
}

async function outcome(work: () => Promise<string>): Promise<string> {
  try {
    return await work();
  } catch (error) {
    return error instanceof ContentError ? error.kind : error instanceof Error ? error.name : String(error);
  }
}

async function list(transport: Transport): Promise<string> {
  const infos = await Array.fromAsync(createRemoteStore(transport, { namespace, store: "local" }).walk());
  return infos.map(({ size }) => size).join();
}

const resend = { retries: 0 };

/** More than one call holds, so that the writer is held between two. */
async function write(transport: Transport): Promise<string> {
  const store = createRemoteStore(transport, { namespace, writer: "unary", resend });
  await using writer = await store.writer({ ref: "upload" });
  await writer.write(new Uint8Array(5 * 1024 * 1024));
  const locked = await outcome(async () => (await store.writer({ ref: "upload" })).ref);
  return `${locked} ${await writer.commit()}`;
}

/** Holds a ref until the page goes away. */
async function hold(transport: Transport, baseUrl: string): Promise<string> {
  const held = new Set<HeldRef>();
  const store = createRemoteStore(transport, { namespace, writer: "unary", held, resend });
  const { ref } = await store.writer({ ref: "left" });
  addEventListener("pagehide", () => {
    for (const one of held) void releaseWriter(baseUrl, one);
  });
  return ref;
}

async function part(url: string): Promise<string> {
  const answer = await fetch(url, { headers: { range: "bytes=1-3" } });
  const known = [answer.status, answer.headers.get("content-range"), answer.headers.get("etag")?.slice(0, 8)];
  return [...known, await answer.text()].join(" ");
}

Object.assign(globalThis, { tryAll });
