import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openWriter } from "../../content/open-writer.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { bytes, digestOf, put } from "../suite/support.ts";
import { grpcTransport } from "../support/grpc.ts";
import { openTestServer } from "../support/stowage.ts";
import { launchBrowser } from "./browser.ts";
import type { Tried } from "./other-origin/client.ts";
import { servePages } from "./other-origin/pages.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** What a page of that origin gets from a server. */
async function tryFrom(page: Page, origin: string, url: string, path: string): Promise<Tried> {
  await page.goto(origin);
  // A library of some hundred modules, each of which is asked for by itself.
  await page.waitForFunction(() => "tryAll" in globalThis, undefined, { timeout: 100_000 });
  return await page.evaluate(
    async ([to, of]) => (globalThis as unknown as { tryAll(...args: unknown[]): Promise<Tried> }).tryAll(to, of),
    [url, path],
  );
}

test("a page of an origin that is allowed lists, writes and downloads, and lets go as it goes away; one that is not gets nothing", async () => {
  const [origin, other] = await Promise.all([servePages(), servePages()]);
  const { url, socket } = await openTestServer(undefined, { allowOrigins: [origin] });
  const store = createRemoteStore(grpcTransport(socket), { namespace: "n" });
  const digest = await put(store, bytes("hello"));
  const path = `/-/blob?ns=n&d=${digest}`;
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const written = digestOf(new Uint8Array(5 * 1024 * 1024));

  expect(await tryFrom(page, other, url, path)).toEqual({
    connect: "unavailable",
    grpcWeb: "unavailable",
    refused: "unavailable",
    written: "unavailable",
    held: "unavailable",
    part: "TypeError",
  });
  expect(await Array.fromAsync(store.walk())).toHaveLength(1);
  expect(await Array.fromAsync(store.listStatuses())).toEqual([]);

  expect(await tryFrom(page, origin, url, path)).toEqual({
    connect: "5",
    grpcWeb: "5",
    refused: "not-found",
    written: `unavailable ${written}`,
    held: "left",
    part: '206 bytes 1-3/5 "sha256: ell',
  });
  expect(await store.info(written)).toMatchObject({ size: 5 * 1024 * 1024 });

  await expect(store.writer({ ref: "left" })).rejects.toMatchObject({ kind: "unavailable" });
  await page.goto("about:blank");
  await using _left = await openWriter(store, { ref: "left" }, { timeoutMs: 30_000 });
}, 240_000);
