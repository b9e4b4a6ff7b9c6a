import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, BrowserContext } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Guarded } from "../server/access/guarded.ts";
import { serveGuarded } from "../server/access/guarded.ts";
import { bytes, put } from "../suite/support.ts";
import { grpcTransport } from "../support/grpc.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { chromiumPath } from "./browser.ts";
import { attack } from "./foreign-site/attack.ts";

let browser: Browser;
beforeAll(async () => {
  // A stranger's name that stands for this machine, as one who rebinds it would have it.
  const args = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP *.test 127.0.0.1"];
  browser = await chromium.launch({ executablePath: chromiumPath(), headless: true, args });
});
afterAll(() => browser.close());

/** A web server of somebody else. @returns its port */
async function serveStranger(): Promise<number> {
  const server = createServer((_, response) => {
    response
      .setHeader("content-type", "text/html")
      .end("<!doctype html><link rel=icon href='data:,'><p>A stranger's page");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A page, as the build makes them; its own headers keep strangers off. */
async function makePages(): Promise<string> {
  const folder = join(await makeTempDir(), "out");
  await mkdir(folder);
  await writeFile(join(folder, "content.html"), "<!doctype html><link rel=icon href='data:,'><p>Here are the pages");
  return folder;
}

/** Sign in, in a browser. */
async function signIn(context: BrowserContext, { url, token }: Guarded): Promise<void> {
  const page = await context.newPage();
  await page.goto(`${url}/content`);
  const text = await token({ name: "mei" });
  const call = (method: string, message: object) =>
    page.evaluate(
      async ([path, body]) => {
        const headers = { "content-type": "application/json" };
        return (await fetch(path ?? "", { method: "POST", headers, body: body ?? "" })).status;
      },
      [`/stowage.v1.${method}`, JSON.stringify(message)],
    );
  expect(await call("ServerService/ListStores", {})).toBe(401);
  expect(await call("AccessService/SignIn", { token: text })).toBe(200);
  expect(await call("ServerService/ListStores", {})).toBe(200);
}

/** Calls that got as far as policy, and what became of them. */
function callsIn(log: string): number {
  return log.split("\n").filter((line) => line.includes('"method":"')).length;
}

test.each([
  ["with sign-in, in a browser that is signed in", true],
  ["without sign-in", false],
] as const)("%s, a stranger's page reads nothing and changes nothing", async (_, hasAuth) => {
  const off = hasAuth ? {} : { off: { "auth/tokens": "nobody signs in" } };
  const guarded = await serveGuarded({ dashboard: await makePages(), ...off });
  const { url, socket, log } = guarded;
  const store = createRemoteStore(grpcTransport(socket), { namespace: "n" });
  const digest = await put(store, bytes("hello"));
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  if (hasAuth) await signIn(context, guarded);
  const calls = callsIn(log());

  const [stranger, { port }] = [await serveStranger(), new URL(url)];
  const visits = [
    { from: `http://127.0.0.1:${stranger}`, base: url },
    { from: `http://stranger.test:${stranger}`, base: url },
    { from: `http://stranger.test:${stranger}`, base: `http://rebound.test:${port}` },
    // The name that the page came from stands for the server now.
    { from: `http://rebound.test:${port}/content`, base: `http://rebound.test:${port}` },
  ];
  for (const { from, base } of visits) {
    const page = await context.newPage();
    await page.goto(from);
    const read = await page.evaluate(attack, { base, digest });
    expect(Object.keys(read)).toHaveLength(23);
    const got = Object.entries(read).filter(([, text]) => text !== "nothing" && text !== "refused");
    expect({ from, base, got }).toEqual({ from, base, got: [] });
    await page.close();
  }

  expect(callsIn(log())).toBe(calls);
  expect((await Array.fromAsync(store.walk())).map((info) => info.digest)).toEqual([digest]);
  expect(await Array.fromAsync(store.listStatuses())).toEqual([]);

  // What was tried is what works from a page of the server's own.
  const page = await context.newPage();
  await page.goto(`${url}/content`);
  const read = await page.evaluate(attack, { base: url, digest });
  expect(read).toMatchObject({ "fetch, include": "200 {}", "read by GET, include": expect.stringMatching(/^200 /) });
  expect(await Array.fromAsync(store.walk())).toEqual([]);
});
