import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import type { Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import type { Algorithm } from "../../../content/index.ts";
import { connectTransport, createRemoteStore, readBlob, sourceOfHandle, writeBlob } from "../../../content/index.ts";
import { timed } from "../timed.ts";
import type { Sample } from "../upload/sample.ts";

/** A way on which the library reaches a server from Node. */
export interface Way {
  readonly name: string;
  readonly transport: Transport;
  readonly writer: "unary" | "stream";
}

/** Connect over HTTP/1.1, as in a browser, and gRPC over HTTP/2. @param url of the server */
export function waysOf(url: string): readonly Way[] {
  return [
    { name: "Node, Connect", transport: connectTransport(url), writer: "unary" },
    { name: "Node, gRPC", transport: createGrpcTransport({ baseUrl: url }), writer: "stream" },
  ];
}

const hashes: Readonly<Record<Algorithm, string>> = { sha256: "sha256", sha384: "sha384", sha512: "sha512" };

/** Read a blob whole, hashed by Node as it comes. @returns milliseconds */
export function readByNode({ transport }: Way, namespace: string, { digest, size }: Sample): Promise<number> {
  const store = createRemoteStore(transport, { namespace });
  return timed(async () => {
    const createHasher = (algorithm: Algorithm) => createHash(hashes[algorithm]);
    for await (const _ of readBlob(store, { digest, size }, { createHasher }));
  });
}

/** Write a file as a blob. @returns milliseconds */
export async function writeByNode(way: Way, namespace: string, { path, digest, size }: Sample): Promise<number> {
  const { transport, writer } = way;
  await using file = await open(path);
  const store = createRemoteStore(transport, { namespace, ...(writer === "unary" && { writer }) });
  const pieceBytes = 4 * 1024 * 1024;
  return await timed(() => writeBlob(store, "by-node", sourceOfHandle(file), { digest, size }, { pieceBytes }));
}
