import { expect, test } from "vitest";
import { runTokenCommand } from "../../../server/access/run-command.ts";
import { bearer, cookieOf, listStores, post, serveGuarded, signIn } from "./guarded.ts";

test("the session of a one-time URL does not outlast the first start without one: no list shows it", async () => {
  const { server, url, reopen } = await serveGuarded({ oneTime: true, config: { "auth/tokens": undefined } });
  const cookie = await cookieOf(url, server.fragment?.slice("/#token=".length) ?? "");
  expect((await post(url, listStores, {}, cookie)).status).toBe(200);
  const next = await reopen({ oneTime: false, config: {} });
  expect((await post(next.url, listStores, {}, cookie)).status).toBe(401);
});

test("a one-time URL signs in an admin once; the next start has another, and tokens of the command line work too", async () => {
  const options = { oneTime: true, config: { "auth/tokens": undefined } };
  const { server, url, root, log, reopen } = await serveGuarded(options);
  const token = /^\/#token=(?<token>stw_[\w-]{43})$/.exec(server.fragment ?? "")?.groups?.["token"] ?? "";
  expect((await post(url, listStores, {}, bearer(token))).status).toBe(401);
  const cookie = await cookieOf(url, token);
  expect((await post(url, listStores, {}, cookie)).status).toBe(200);
  const again = await signIn(url, token);
  expect(JSON.parse(again.text).message).toMatch(
    /^This token worked once, and was used already\. Start the server again/,
  );
  const draft = { name: "ci", role: "reader", stores: "*", namespaces: "*" } as const;
  const { lines } = await runTokenCommand({ kind: "create", draft }, { root, hasAuth: false });
  expect((await post(url, listStores, {}, bearer(lines[0] ?? ""))).status).toBe(200);
  expect(log()).not.toContain(token);
  const next = await reopen();
  expect(next.server.fragment).not.toBe(server.fragment);
  const late = await post(next.url, listStores, {}, cookie);
  expect(JSON.parse(late.text).message).toBe("Your session is not known here; sign in again.");
  expect((await post(next.url, listStores, {}, bearer(lines[0] ?? ""))).status).toBe(200);
});
