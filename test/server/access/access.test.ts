import { readFile, stat } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createClient } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Events } from "../../../gen/containerd/services/events/v1/events_pb.js";
import { AccessService, Session_How as How, Role } from "../../../gen/stowage/v1/access_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { ServerService } from "../../../gen/stowage/v1/server_pb.js";
import { runTokenCommand } from "../../../server/access/run-command.ts";
import { put } from "../../suite/support.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { ask } from "../listen/serve.ts";
import { failure } from "../services/calls.ts";
import type { Guarded } from "./guarded.ts";
import { bearer, cookieOf, listStores, outcomeOf, post, serveGuarded, signIn } from "./guarded.ts";

describe("a session", () => {
  test("is traded for a token, by a cookie that no script reads and no other site sends, and ends when it is signed out", async () => {
    const { url, token } = await serveGuarded();
    const answer = await signIn(url, await token({ name: "mei", role: Role.AUDITOR, namespaces: ["n"] }));
    const session = { name: "mei", role: "ROLE_AUDITOR", stores: ["*"], namespaces: ["n"], how: "HOW_SESSION" };
    expect(JSON.parse(answer.text)).toMatchObject({ session });
    const [set = ""] = answer.headers["set-cookie"] ?? [];
    expect(set).toMatch(/^stowage-[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/);
    const cookie = { cookie: set.split(";")[0] ?? "" };
    expect((await post(url, listStores, {}, cookie)).status).toBe(200);
    const days = Date.parse(JSON.parse(answer.text).session.expiresAt) - Date.now();
    expect(Math.round(days / 86_400_000)).toBe(7);

    const out = await post(url, "stowage.v1.AccessService/SignOut", {}, cookie);
    expect(out.headers["set-cookie"]?.[0]).toMatch(/^stowage-[0-9a-f]{8}=; .*Max-Age=0$/);
    const after = await post(url, listStores, {}, cookie);
    expect([after.status, JSON.parse(after.text).message]).toEqual([401, "You signed out; sign in again."]);
  });

  test("is nothing to a page of another site, or of another port", async () => {
    const { url, token } = await serveGuarded();
    const cookie = await cookieOf(url, await token());
    expect((await post(url, listStores, {}, { ...cookie, "sec-fetch-site": "same-origin" })).status).toBe(200);
    for (const site of ["cross-site", "same-site"]) {
      expect((await post(url, listStores, {}, { ...cookie, "sec-fetch-site": site })).status).toBe(403);
    }
    expect((await post(url, listStores, {}, { ...cookie, origin: "http://127.0.0.1:1" })).status).toBe(403);
  });

  test("is for TLS alone where a browser comes by TLS, and wrong tokens count for whom a proxy tells", async () => {
    const { url, token } = await serveGuarded({ exposure: { publicUrl: "https://stowage.example" } });
    const text = await token();
    const from = (address: string) => ({ host: "stowage.example", "x-forwarded-for": address });
    const { headers } = await signIn(url, text, from("10.0.0.7"));
    const [set = ""] = headers["set-cookie"] ?? [];
    expect(set).toMatch(/^__Host-stowage-[0-9a-f]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Secure; /);
    const cookie = { ...from("10.0.0.7"), cookie: set.split(";")[0] ?? "" };
    expect((await post(url, listStores, {}, cookie)).status).toBe(200);
    for (let count = 0; count < 10; count += 1) await signIn(url, "wrong", from("10.0.0.7"));
    expect((await signIn(url, "wrong", from("10.0.0.7"))).status).toBe(429);
    expect((await signIn(url, text, from("10.0.0.7"))).status).toBe(200);
    expect((await signIn(url, "wrong", from("10.0.0.8"))).status).toBe(401);
    expect((await signIn(url, text, from("10.0.0.8"))).status).toBe(200);
  });

  test("of an origin that may call is told by no cookie", async () => {
    const origin = "http://127.0.0.1:1";
    const { url, token } = await serveGuarded({ allowOrigins: [origin] });
    const text = await token();
    const cookie = await cookieOf(url, text);
    const site = { origin, "sec-fetch-site": "same-site" };
    expect((await post(url, listStores, {}, { ...cookie, ...site })).status).toBe(401);
    expect((await post(url, listStores, {}, { ...bearer(text), ...site })).status).toBe(200);
  });

  test("ends with its token, and one sign-in takes the place of the one before", async () => {
    const { url, token, admin } = await serveGuarded();
    const text = await token({ name: "mei" });
    const first = await cookieOf(url, text);
    const again = await signIn(url, text, first);
    const second = { cookie: again.headers["set-cookie"]?.[0]?.split(";")[0] ?? "" };
    expect((await post(url, listStores, {}, first)).status).toBe(401);
    expect((await post(url, listStores, {}, second)).status).toBe(200);
    const { tokens } = await admin.listTokens({});
    await admin.revokeToken({ id: tokens.find(({ name }) => name === "mei")?.id ?? "" });
    const after = await post(url, listStores, {}, second);
    expect(JSON.parse(after.text).message).toBe("This token was revoked.");
  });
});

describe("who calls", () => {
  test("is told to everybody, and why it is not known", async () => {
    const { url, token, admin, dial } = await serveGuarded();
    const client = createClient(AccessService, dial("connect"));
    expect(await client.getSession({})).toMatchObject({ signIn: true, refusal: "" });
    const headers = bearer(await token({ name: "ci", role: Role.OPERATOR, stores: ["second"] }));
    const { session } = await client.getSession({}, { headers });
    expect(session).toMatchObject({ name: "ci", role: Role.OPERATOR, stores: ["second"], how: How.TOKEN });
    expect((await admin.getSession({})).session).toMatchObject({ name: "", role: Role.ADMIN, how: How.SOCKET });
    const wrong = await client.getSession({}, { headers: bearer(`stw_${"x".repeat(43)}`) });
    expect([wrong.session, wrong.refusal]).toEqual([undefined, "This token is not known here."]);
    for (const path of ["/metrics", "/-/audit"]) {
      const { status, text, headers: how } = await ask(`${url}${path}`);
      expect([status, text, how["www-authenticate"]]).toEqual([401, "Sign in: this server needs a token.\n", "Bearer"]);
    }
  });

  test("is told in little: what everybody may send is no work for the server", async () => {
    const { url } = await serveGuarded();
    const { status, text } = await signIn(url, "x".repeat(100_000));
    expect([status, JSON.parse(text).code]).toEqual([429, "resource_exhausted"]);
  });

  test("may be everybody, where no auth is configured", async () => {
    const { dial, admin } = await serveGuarded({ off: { "auth/tokens": "not here" } });
    const client = createClient(AccessService, dial("connect"));
    const { signIn: isNeeded, session } = await client.getSession({});
    expect([isNeeded, session?.role, session?.how]).toEqual([false, Role.ADMIN, How.NONE]);
    expect((await failure(admin.listTokens({}))).rawMessage).toMatch(/^no sign-in is configured here/);
  });

  test("has to show a token on the unix socket too, where the config says so", async () => {
    const { admin } = await serveGuarded({ config: { "auth/tokens": { socket: true } } });
    expect(await outcomeOf(admin.listTokens({}))).toBe("Unauthenticated");
  });

  test("is refused in words that say who may", async () => {
    const { dial, token } = await serveGuarded();
    const content = createClient(Content, dial("grpc"));
    const shown = { ...bearer(await token({ role: Role.READER, namespaces: ["n"] })), "containerd-namespace": "n" };
    const deleting = await failure(content.delete({ digest: "sha256:1" }, { headers: shown }));
    expect(deleting.rawMessage).toBe("reader may read but not delete content; operator or admin may");
    const elsewhere = { ...shown, "containerd-namespace": "other" };
    const listing = await failure(content.listStatuses({}, { headers: elsewhere }));
    expect(listing.rawMessage).toBe('namespace "other" is not among those that you may see');
  });
});

describe("a token that is no good", () => {
  test("says what is wrong with it", async () => {
    const { root, dial, token, admin } = await serveGuarded();
    const client = createClient(ServerService, dial("connect"));
    const textOf = async (shown: string) =>
      (await failure(client.getServer({}, { headers: bearer(shown) }))).rawMessage;
    const revoked = await token({ name: "revoked" });
    await runTokenCommand({ kind: "revoke", named: "revoked" }, { root, hasAuth: true });
    expect(await textOf(revoked)).toBe("This token was revoked.");
    expect(await textOf("anything")).toBe("This token is not known here.");
    expect(await outcomeOf(admin.revokeToken({ id: "nobody" }))).toBe("NotFound");
  });

  test("is told so ten times a minute to an address, and keeps nobody out who shows a good one from there", async () => {
    const { url, admin, dial, token } = await serveGuarded();
    const client = createClient(AccessService, dial("connect"));
    const servers = createClient(ServerService, dial("grpc"));
    const known = bearer(await token());
    const late = bearer(await token({ name: "late" }));
    await servers.getServer({}, { headers: known });
    for (let count = 0; count < 10; count += 1) {
      expect(await outcomeOf(client.signIn({ token: "wrong" }))).toBe("Unauthenticated");
    }
    const refused = await failure(client.signIn({ token: "wrong" }));
    expect(refused.rawMessage).toMatch(/^Too many wrong tokens from your address; try again in \d+ s\.$/);
    const unknown = bearer(`stw_${"x".repeat(43)}`);
    expect(await outcomeOf(servers.getServer({}, { headers: unknown }))).toBe("ResourceExhausted");
    for (const path of ["/metrics", "/-/audit"]) {
      expect((await ask(`${url}${path}`, { headers: unknown })).status).toBe(429);
    }
    // Also one that the server has not seen since its start, as that of a client beside one that tries an old token for ever.
    expect(await outcomeOf(servers.getServer({}, { headers: late }))).toBe("ok");
    expect(await outcomeOf(servers.getServer({}, { headers: known }))).toBe("ok");
    await admin.revokeToken({ id: "late" });
    const over = await failure(servers.getServer({}, { headers: late }));
    expect(over.rawMessage).toBe("This token was revoked.");
  });
});

/** Streams that do not end by themselves, by the ways in. */
const streams: Readonly<Record<string, (guarded: Guarded, headers: Record<string, string>) => AsyncIterable<unknown>>> =
  {
    "of blobs": ({ dial }, headers) =>
      createClient(ContentService, dial("connect")).list({ watch: { follow: true } }, { headers }),
    "of events": ({ dial }, headers) => createClient(Events, dial("grpc")).subscribe({}, { headers }),
    "of a writer, the short way": ({ dial }, headers) =>
      createClient(Content, dial("grpc")).write(open("short"), { headers }),
    "of a writer, by Connect": ({ dial }, headers) =>
      createClient(Content, dial("connect")).write(open("long"), { headers }),
  };

async function* open(ref: string) {
  yield { action: WriteAction.STAT, ref };
  await new Promise(() => undefined);
}

async function* once(ref: string) {
  yield { action: WriteAction.STAT, ref };
}

test("every stream ends within five seconds once another process revokes its token, and lets go of what it held", async () => {
  const guarded = await serveGuarded();
  const namespace = { "containerd-namespace": "n" };
  const begun = new Set<string>();
  const revokedAt = new Map<string, number>();
  const ended = Object.entries(streams).map(async ([kind, begin]) => {
    const name = kind.replaceAll(/\W+/g, "-");
    const headers = { ...bearer(await guarded.token({ name })), ...namespace };
    const read = async () => {
      for await (const _message of begin(guarded, headers)) begun.add(name);
    };
    const error = await failure(read());
    return { text: error.rawMessage, afterMs: performance.now() - (revokedAt.get(name) ?? Number.NaN) };
  });
  const event = { topic: "/t", event: { typeUrl: "t", value: new Uint8Array() } };
  const publish = () => createClient(Events, grpcTransport(guarded.socket)).publish(event, { headers: namespace });
  await expect.poll(async () => (await publish()) && begun.size).toBe(ended.length);
  for (const { id, name } of (await guarded.admin.listTokens({})).tokens) {
    revokedAt.set(name, performance.now());
    await runTokenCommand({ kind: "revoke", named: id }, { root: guarded.root, hasAuth: true });
  }
  for (const { text, afterMs } of await Promise.all(ended)) {
    expect(text).toBe("This token was revoked.");
    expect(afterMs).toBeLessThan(5000);
  }
  const content = createClient(Content, guarded.dial("grpc"));
  const headers = { ...bearer(await guarded.token()), ...namespace };
  for (const ref of ["short", "long"]) {
    const taken = () => outcomeOf(Array.fromAsync(content.write(once(ref), { headers })));
    await expect.poll(taken).toBe("ok");
  }
});

test("a download is cut once its token is revoked", async () => {
  const { url, token, socket, admin } = await serveGuarded();
  const store = createRemoteStore(grpcTransport(socket), { namespace: "n" });
  const digest = await put(store, new Uint8Array(16 * 1024 * 1024));
  const headers = bearer(await token());
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${url}/-/blob?ns=n&d=${digest}`, { headers, agent: false }, resolve).on("error", reject).end();
  });
  expect(response.statusCode).toBe(200);
  const [found] = (await admin.listTokens({})).tokens;
  await admin.revokeToken({ id: found?.id ?? "" });
  await expect(buffer(response)).rejects.toThrow();
});

test("no secret is in the log, in an error or among the files", async () => {
  const { url, token, log, dial, root } = await serveGuarded();
  const text = await token();
  const { cookie = "" } = await cookieOf(url, text);
  const unknown = `stw_${"y".repeat(43)}`;
  const client = createClient(ServerService, dial("connect"));
  const error = await failure(client.getServer({}, { headers: bearer(unknown) }));
  await client.getServer({}, { headers: bearer(text) });
  const { text: metrics } = await ask(`${url}/metrics`, { headers: bearer(text) });
  const database = await readFile(join(root, "access.db-wal"), "latin1");
  expect((await stat(join(root, "access.db"))).mode & 0o777).toBe(0o600);
  for (const secret of [text, unknown, cookie.split("=")[1] ?? "-"]) {
    for (const place of [log(), error.message, metrics, database]) expect(place.includes(secret)).toBe(false);
  }
});
