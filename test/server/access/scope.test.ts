import { randomBytes } from "node:crypto";
import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Events } from "../../../gen/containerd/services/events/v1/events_pb.js";
import { Images } from "../../../gen/containerd/services/images/v1/images_pb.js";
import { Introspection } from "../../../gen/containerd/services/introspection/v1/introspection_pb.js";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { Role } from "../../../gen/stowage/v1/access_pb.js";
import { CatalogService } from "../../../gen/stowage/v1/catalog_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { ServerService } from "../../../gen/stowage/v1/server_pb.js";
import { grpcTransport } from "../../support/grpc.ts";
import { failure, sha256 } from "../services/calls.ts";
import { bearer, outcomeOf, serveGuarded } from "./guarded.ts";

const everywhere = { selection: { namespaces: ["*"] } };
const inNamespace = (namespace: string) => ({ "containerd-namespace": namespace });

/** Store a text in one call. @returns its digest */
async function put(transport: Transport, namespace: string, text: string): Promise<string> {
  const ref = `put ${namespace} ${text}`;
  const labels = { "containerd.io/gc.root": "it is kept" };
  const request = { action: WriteAction.COMMIT, ref, data: Buffer.from(text), labels };
  const client = createClient(ContentService, transport);
  const { response } = await client.write({ request }, { headers: inNamespace(namespace) });
  return response?.digest ?? "";
}

async function name(transport: Transport, namespace: string, image: string, digest: string): Promise<void> {
  const target = { digest, size: 6n, mediaType: "application/octet-stream" };
  const client = createClient(Images, transport);
  await client.create({ image: { name: image, target } }, { headers: inNamespace(namespace) });
}

/** A server on which two namespaces share some bytes, and one who may see one of the two. */
async function serveShared(role: Role, config: Record<string, unknown> = {}) {
  const guarded = await serveGuarded({ config });
  const all = grpcTransport(guarded.socket);
  const [common, own] = [await put(all, "mine", "common"), await put(all, "mine", "own")];
  await put(all, "theirs", "common");
  const secret = await put(all, "theirs", "a secret");
  await name(all, "mine", "app", common);
  await name(all, "theirs", "hidden", common);
  const headers = bearer(await guarded.token({ role, namespaces: ["mine"], stores: ["local"] }));
  return { ...guarded, all, common, own, secret, headers, transport: guarded.dial("connect") };
}

test("lists, pages, counts and sums are as if there were no other namespaces", async () => {
  const { transport, headers, common, own } = await serveShared(Role.READER);
  const content = createClient(ContentService, transport);
  const page = await content.listPage(everywhere, { headers });
  expect(page.items.map(({ info }) => info?.digest).toSorted()).toEqual([common, own].toSorted());
  expect([page.totalSize, page.totalBytes]).toEqual([2n, 9n]);
  const events = await Array.fromAsync(content.list(everywhere, { headers }));
  const mark = events.flatMap(({ event }) => (event.case === "bookmark" ? [event.value] : [])).at(-1);
  expect(mark).toMatchObject({ count: 2n, bytes: 9n, wholeCount: 2n, wholeBytes: 9n });

  const { namespaces } = await createClient(Namespaces, transport).list({}, { headers });
  expect(namespaces.map((each) => each.name)).toEqual(["mine"]);
  const catalog = createClient(CatalogService, transport);
  const rows = await Array.fromAsync(catalog.listNamespaces({}, { headers }));
  const told = rows.flatMap(({ event }) => (event.case === "batch" ? event.value.namespaces : []));
  expect(told).toMatchObject([{ name: "mine", blobs: 2n, onlyBytes: 9n }]);
  const images = await Array.fromAsync(catalog.listImages({ namespaces: ["*"] }, { headers }));
  const shown = images.flatMap(({ event }) => (event.case === "batch" ? event.value.images : []));
  expect(shown).toMatchObject([{ namespace: "mine", image: { name: "app" }, bytes: 6n, uniqueBytes: 6n }]);

  const { stores } = await createClient(ServerService, transport).listStores({}, { headers });
  expect(stores).toMatchObject([{ name: "local", blobs: 2n, bytes: 9n }]);
});

test("events and ingests of other namespaces are not told", async () => {
  const { transport, headers, all } = await serveShared(Role.READER);
  const heard: (string | undefined)[] = [];
  const left = new AbortController();
  const listening = (async () => {
    const events = createClient(Events, transport).subscribe({}, { headers, signal: left.signal });
    for await (const { namespace } of events) heard.push(namespace);
  })();
  const putBoth = async () => {
    await put(all, "theirs", randomBytes(4).toString("hex"));
    await put(all, "mine", randomBytes(4).toString("hex"));
    return heard.length;
  };
  await expect.poll(putBoth).toBeGreaterThan(2);
  expect([...new Set(heard)]).toEqual(["mine"]);
  left.abort();
  await listening.catch(() => undefined);
  await createClient(ContentService, all).write(
    { request: { action: WriteAction.STAT, ref: "hidden" } },
    { headers: inNamespace("theirs") },
  );
  const ingests = await Array.fromAsync(createClient(ContentService, transport).status(everywhere, { headers }));
  expect(ingests.flatMap(({ event }) => (event.case === "batch" ? event.value.ingests : []))).toEqual([]);
});

test.each([
  ["isolated where people sign in", {}, 0n, "FailedPrecondition"],
  ["shared where the config says so", { "metadata/sqlite": { content_sharing_policy: "shared" } }, 8n, "ok"],
] as const)("bytes that another namespace holds are %s", async (_, config, offset, committed) => {
  const { dial, headers, secret } = await serveShared(Role.OPERATOR, config);
  const content = createClient(Content, dial("grpc"));
  const scope = { headers: { ...headers, ...inNamespace("mine") } };
  const declare = { ref: "guess", expected: secret, total: 8n };
  async function* stat() {
    yield { ...declare, action: WriteAction.STAT };
  }
  const [answer] = await Array.fromAsync(content.write(stat(), scope));
  expect(answer?.offset).toBe(offset);
  async function* commit() {
    yield { ...declare, action: WriteAction.COMMIT, offset };
  }
  expect(await outcomeOf(Array.fromAsync(content.write(commit(), scope)))).toBe(committed);
});

test("what goes on from an earlier call is the caller's who made that", async () => {
  const { transport, headers, token } = await serveShared(Role.OPERATOR);
  const others = bearer(await token({ role: Role.OPERATOR, namespaces: ["mine"] }));
  const content = createClient(ContentService, transport);
  const { resumeToken } = await content.listPage(everywhere, { headers });
  const watch = { follow: false, resumeToken };
  expect(await outcomeOf(Array.fromAsync(content.list({ ...everywhere, watch }, { headers })))).toBe("ok");
  const foreign = await failure(Array.fromAsync(content.list({ ...everywhere, watch }, { headers: others })));
  expect(foreign.rawMessage).toMatch(/^resume_token is of another identity; begin without one/);

  const request = { action: WriteAction.STAT, ref: "held" };
  const mine = { headers: { ...headers, ...inNamespace("mine") } };
  const { writerId } = await content.write({ request }, mine);
  expect(await outcomeOf(content.write({ request, writerId }, mine))).toBe("ok");
  const theirs = { headers: { ...others, ...inNamespace("mine") } };
  expect(await outcomeOf(content.write({ request, writerId }, theirs))).toBe("Unavailable");
});

test("what the server is made of is told without what names other stores", async () => {
  const { transport, headers, token } = await serveShared(Role.READER);
  const client = createClient(Introspection, transport);
  const exportsOf = async (shown: Record<string, string>) => {
    const { plugins } = await client.plugins({}, { headers: shown });
    return plugins.flatMap(({ exports }) => Object.values(exports)).join(" ");
  };
  expect(await exportsOf(bearer(await token()))).toMatch(/local second/);
  expect(await exportsOf(headers)).toBe("");
});

test("a store that may not be seen is refused, whether it is there or not", async () => {
  const { transport, headers } = await serveShared(Role.READER);
  const list = (store: string) => {
    const of = { ...headers, ...inNamespace("mine"), "stowage-store": store };
    return failure(createClient(Content, transport).info({ digest: sha256("x") }, { headers: of }));
  };
  for (const store of ["second", "attic"]) {
    expect((await list(store)).rawMessage).toBe(`store "${store}" is not among those that you may see`);
  }
});
