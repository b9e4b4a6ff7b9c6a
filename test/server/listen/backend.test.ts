import { join } from "node:path";
import { Code, createClient } from "@connectrpc/connect";
import { expect, onTestFinished, test } from "vitest";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { ServerService } from "../../../gen/stowage/v1/server_pb.js";
import { backendListenerPlugin } from "../../../server/listen/backend-plugin.ts";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { openServer } from "../../../server/server.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { createRefLocks } from "../../../server/stores/ref-locks.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { plugin } from "../plugins/plugins.ts";
import { beginWrite, bytesOf, failure, sha256 } from "../services/calls.ts";
import { ask, inMemory } from "./serve.ts";

/** Whoever waits for a writer of this store waits for longer than a test may take. */
const patient = plugin("store/memory", [], async () =>
  createMemoryStore({ locks: createRefLocks({ waitMs: 60_000 }) }),
);

const plugins: readonly Plugin[] = [patient, ...inMemory.slice(1), backendListenerPlugin as unknown as Plugin];

/** A server with a socket for everybody, and one of the backend of the namespace `cluster`. */
async function serve() {
  const root = await makeTempDir();
  const [socket, backendSocket] = [join(root, "stowage.sock"), join(root, "backend.sock")];
  const backends = [{ namespace: "cluster", socket: backendSocket }];
  const server = await openServer({ plugins, root, backends, logger: createLog().logger });
  onTestFinished(() => server.close(0));
  const backend = grpcTransport(backendSocket);
  return {
    server,
    socket,
    backendSocket,
    backend,
    content: createClient(Content, backend),
    people: createClient(Content, grpcTransport(socket)),
  };
}

const cluster = { headers: { "containerd-namespace": "cluster" } };
const other = { headers: { "containerd-namespace": "other", "containerd-lease": "theirs" } };

async function put(content: Awaited<ReturnType<typeof serve>>["content"], text: string, options?: typeof other) {
  async function* messages() {
    yield { action: WriteAction.COMMIT, ref: `other/1/${text}`, total: BigInt(text.length), data: bytesOf(text) };
  }
  return (await Array.fromAsync(content.write(messages(), options))).at(-1)?.digest;
}

const digestsOf = async (content: Awaited<ReturnType<typeof serve>>["content"], options?: object) =>
  (await Array.fromAsync(content.list({}, options))).flatMap(({ info }) => info.map(({ digest }) => digest)).sort();

test("every call is in the address's namespace, with another's header, a lease, or without any", async () => {
  const { content, people } = await serve();
  const one = await put(content, "one");
  const two = await put(content, "two", other);
  expect([one, two]).toEqual([sha256("one"), sha256("two")]);
  const both = [sha256("one"), sha256("two")].sort();
  expect(await digestsOf(content)).toEqual(both);
  expect(await digestsOf(content, other)).toEqual(both);
  expect(await digestsOf(content, { headers: { "containerd-namespace": "no name!" } })).toEqual(both);
  expect(await digestsOf(people, cluster)).toEqual(both);
  expect(await digestsOf(people, { headers: { "containerd-namespace": "other" } })).toEqual([]);
  expect((await failure(digestsOf(people))).code).toBe(Code.FailedPrecondition);
  await content.delete({ digest: sha256("one") });
  expect(await digestsOf(people, cluster)).toEqual([sha256("two")]);
});

test("a ref that is being written is refused soon", async () => {
  const { content } = await serve();
  const held = beginWrite(content);
  await held.stat({ ref: "other/1/held" });
  const error = await failure(put(content, "held"));
  expect(error.code).toBe(Code.Unavailable);
  expect(error.rawMessage).toMatch(/^ref other\/1\/held locked for /);
  await held.end();
});

test("content is all that is served there", async () => {
  const { backend, backendSocket } = await serve();
  expect((await failure(createClient(Namespaces, backend).list({}))).code).toBe(Code.Unimplemented);
  expect((await failure(createClient(ServerService, backend).getServer({}))).code).toBe(Code.Unimplemented);
  const get = async (path: string) => (await ask(`http://localhost${path}`, { socketPath: backendSocket })).status;
  expect(await get("/healthz")).toBe(200);
  expect(await get("/readyz")).toBe(200);
  expect(await get("/content")).toBe(404);
  expect(await get(`/-/blob?ns=cluster&d=${sha256("one")}`)).toBe(404);
});

test("the server names it with its other addresses, and tells people only of theirs", async () => {
  const { server, socket, backendSocket } = await serve();
  expect(server.urls).toEqual([`unix:${socket}`, `unix:${backendSocket}`]);
  const { sockets } = await createClient(ServerService, grpcTransport(socket)).getServer({});
  expect(sockets).toEqual([socket]);
});

test("where no address is for one, it is off and nothing is wrong", async () => {
  const server = await openServer({ plugins, root: await makeTempDir(), logger: createLog().logger });
  onTestFinished(() => server.close(0));
  const report = server.plugins.find(({ id }) => id === "backend");
  expect(report).toMatchObject({ state: "off", reason: "no address is for one" });
  expect(report).not.toHaveProperty("error");
});

test("a socket that cannot be had ends the start, and leaves nothing behind", async () => {
  const root = await makeTempDir();
  const backends = [
    { namespace: "a", socket: join(root, "a.sock") },
    { namespace: "b", socket: root },
  ];
  const options = { plugins, root, logger: createLog().logger };
  await expect(openServer({ ...options, backends })).rejects.toThrow(`cannot listen on ${root}: there is a file`);
  const server = await openServer({ ...options, backends: backends.slice(0, 1) });
  expect(server.urls).toHaveLength(2);
  await server.close(0);
});
