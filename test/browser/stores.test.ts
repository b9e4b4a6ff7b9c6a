import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import type { Plugin } from "../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../server/relay/plugin.ts";
import { memoryStorePlugin } from "../../server/stores/memory/plugin.ts";
import { grpcTransport } from "../support/grpc.ts";
import { browserForTests, clipboard, pressQuickly, textOf } from "./browser.ts";
import { holdScript } from "./hold-script.ts";
import { startPageServer } from "./server.ts";
import { violations, violationsWithPopup } from "./violations.ts";

const visit = browserForTests();

const rows = (page: Page) => page.locator("[role=row][data-key]");
const switcher = (page: Page) => page.getByRole("button", { name: /^Store: / });
const listed = (page: Page) => page.getByRole("navigation", { name: "Stores" }).getByRole("link");
const connection = (page: Page) => page.getByRole("button", { name: /^Connection: / });
const storeOf = (page: Page) => new URL(page.url()).searchParams.get("store");

const memory = (name: string) => ({ name, plugin: memoryStorePlugin as unknown as Plugin, config: {} });

/** A server of `local`, of `archive` beside it, and of `node-7`, a server of its own that is only read from here. */
async function startStores() {
  const node = await startPageServer();
  const others = [
    memory("archive"),
    { name: "node-7", plugin: remoteStorePlugin as unknown as Plugin, config: { url: node.url } },
  ];
  const server = await startPageServer(builtinPlugins, { config: { "stores/configured": { others } } });
  const archive = createRemoteStore(grpcTransport(server.socket), { namespace: "moby", store: "archive" });
  async function putInArchive(text: string): Promise<Digest> {
    await using writer = await archive.writer({ ref: `put-${text}` });
    await writer.write(new TextEncoder().encode(text));
    return await writer.commit();
  }
  return { ...server, node, archive, putInArchive };
}

/** Once the page knows its stores, and listens to keys. */
async function ready(page: Page): Promise<void> {
  await switcher(page).waitFor();
  await connection(page).filter({ hasText: "Live" }).waitFor();
}

test("another store is chosen by keys: its rows alone, links that stay in it, and back without a trace", async () => {
  const { url, put, putInArchive, node } = await startStores();
  const own = await put("default", "in local");
  const digest = await putInArchive("in archive");
  await node.put("k8s.io", "in node-7");
  const { page } = await visit(`${url}/content?q=size%3A%3E1&ns=default`, { theme: "dark" });
  await ready(page);
  await rows(page)
    .filter({ hasText: own.slice(7, 15) })
    .waitFor();
  await page.keyboard.press("Shift+S");
  await listed(page).filter({ hasText: "Live" }).nth(2).waitFor();
  await expect
    .poll(() => listed(page).allTextContents())
    .toEqual([
      expect.stringMatching(/^locallocalLive · 1.blob · 8.B$/),
      expect.stringMatching(/^archivememoryLive · 1.blob · 10.B$/),
      expect.stringMatching(/^node-7remotehttp:.*Live · \d+.m?s · 1.blob · 9.B · read-only$/),
    ]);
  expect(await violationsWithPopup(page)).toEqual([]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await rows(page)
    .filter({ hasText: digest.slice(7, 15) })
    .waitFor();
  await expect
    .poll(async () => [await rows(page).count(), storeOf(page), page.url()])
    .toEqual([1, "archive", `${url}/content?q=size%3A%3E1&store=archive`]);
  await expect.poll(() => page.title()).toBe("Content · archive · Stowage");
  await pressQuickly(page, "g", "n");
  await page.waitForURL(`${url}/namespaces?store=archive`);
  await rows(page).filter({ hasText: "moby" }).getByRole("link", { name: "1" }).first().click();
  await page.waitForURL(`${url}/content?ns=moby&store=archive`);
  await rows(page).getByRole("link").first().click();
  await page.waitForURL((address) => address.pathname === "/blob");
  expect(storeOf(page)).toBe("archive");
  const link = page.getByRole("link", { name: "Download" });
  const answer = await page.request.get(`${url}${await link.getAttribute("href")}`);
  expect(await answer.text()).toBe("in archive");
  await page.getByRole("button", { name: "Copy", exact: true }).click();
  await page.getByRole("menuitem", { name: "curl" }).waitFor();
  // No socket shows ctr a store beside the default one.
  expect(await page.getByRole("menuitem").allTextContents()).toEqual(["Digest", "Link", "curl"]);
  await page.getByRole("menuitem", { name: "curl" }).click();
  await expect.poll(() => clipboard(page)).toContain("store=archive");
  await page.keyboard.press("Shift+S");
  await listed(page).first().click();
  await page.waitForURL(`${url}/content`);
  await rows(page)
    .filter({ hasText: own.slice(7, 15) })
    .waitFor();
  await expect.poll(() => rows(page).count()).toBe(1);
});

test("two tabs on two stores show each its own, as it changes", async () => {
  const { url, put, putInArchive } = await startStores();
  const { page, context } = await visit(`${url}/content`);
  const other = await context.newPage();
  await other.goto(`${url}/content?store=archive`);
  await page.getByText("Nothing is stored here yet").waitFor();
  await other.getByText("Nothing is stored here yet").waitFor();
  expect(await other.getByText("ctr", { exact: true }).count()).toBe(0);
  const [own, digest] = [await put("default", "a"), await putInArchive("b")];
  await rows(page)
    .filter({ hasText: own.slice(7, 15) })
    .waitFor();
  await rows(other)
    .filter({ hasText: digest.slice(7, 15) })
    .waitFor();
  expect([await rows(page).count(), await rows(other).count()]).toEqual([1, 1]);
});

test("what changes a store that is only read stays in sight, locked, and says why", async () => {
  const { url, node } = await startStores();
  const digest = await node.put("k8s.io", "in node-7");
  const { page } = await visit(`${url}/content?store=node-7`);
  await ready(page);
  const row = rows(page).filter({ hasText: digest.slice(7, 15) });
  await row.waitFor();
  const upload = page.getByRole("button", { name: "Upload…" });
  await expect.poll(() => upload.getAttribute("aria-disabled")).toBe("true");
  await expect.poll(() => page.getByText("read-only", { exact: true }).count()).toBe(1);
  const tip = page.getByText("This store is opened read-only");
  await upload.click({ force: true });
  await tip.first().waitFor();
  await page.keyboard.press("Escape");
  await row.focus();
  await page.keyboard.press("Delete");
  await tip.first().waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
  await page.keyboard.press(".");
  const item = page.getByRole("menuitem", { name: "Delete…" });
  await item.waitFor();
  expect(await item.getAttribute("aria-disabled")).toBe("true");
  expect(await violationsWithPopup(page)).toEqual([]);
  await item.click({ force: true });
  await item.waitFor();
  await page.keyboard.press("Escape");
  await row.getByRole("link").first().click();
  const labels = page.getByRole("region", { name: "Labels" });
  await labels.getByRole("button", { name: "Add" }).waitFor();
  expect(await labels.getByRole("button", { name: "Add" }).getAttribute("aria-disabled")).toBe("true");
});

test("why something is locked is said also to who is there before what shows it", async () => {
  const { url } = await startStores();
  const { page } = await visit(`${url}/content`);
  const tips = await holdScript(page, '"[data-row-tip]"');
  await page.goto(`${url}/content?store=node-7`);
  const upload = page.getByRole("button", { name: "Upload…" });
  await expect.poll(() => upload.getAttribute("aria-disabled")).toBe("true");
  await tips.held;
  await upload.click({ force: true });
  tips.release();
  await page.getByText("This store is opened read-only").first().waitFor();
});

test("a store that goes away keeps its rows under a line that says since when, until it is back", async () => {
  const { url, node } = await startStores();
  const digest = await node.put("k8s.io", "in node-7");
  const { page } = await visit(`${url}/content?store=node-7`, { expectsLoss: true });
  await ready(page);
  const row = rows(page).filter({ hasText: digest.slice(7, 15) });
  await row.waitFor();
  await node.stop();
  await page.getByText(/^node-7 is unreachable, and last answered .*[^.]\. Rows are as they were then\.$/).waitFor();
  await connection(page).filter({ hasText: "Stale since" }).waitFor();
  expect(await row.count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  await page.reload();
  await page.getByRole("heading", { name: "node-7 is unreachable" }).waitFor();
  await page.keyboard.press("Shift+S");
  await listed(page).filter({ hasText: "Unreachable" }).waitFor();
  await page.keyboard.press("Escape");
  await node.start();
  // The page looks by itself too, perhaps before anybody asks it to.
  await Promise.race([page.getByRole("button", { name: "Try again" }).click(), row.waitFor()]);
  await row.waitFor();
  await page.getByText("Rows are as they were then").waitFor({ state: "detached" });
});

test("an address of a store that is not there leads to those that are, also on a phone", async () => {
  const { url } = await startStores();
  const { page } = await visit(`${url}/images?store=nope`, { width: 375, expectsLoss: true });
  await page.getByRole("heading", { name: "There is no store named nope" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("list", { name: "Stores" }).getByRole("link", { name: "archive" }).click();
  await page.waitForURL(`${url}/images?store=archive`);
  await switcher(page).filter({ hasText: "archive" }).waitFor();
  const isWide = () => page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  expect(await isWide()).toBe(false);
  await switcher(page).click();
  await listed(page).first().waitFor();
  for (const link of await listed(page).all()) expect((await link.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  expect(await violationsWithPopup(page)).toEqual([]);
});

test("Find looks in every store, says which it could not, and leads to the one that has it", async () => {
  const { url, putInArchive, node } = await startStores();
  const digest = await putInArchive("in archive");
  const { page } = await visit(`${url}/content`, { expectsLoss: true });
  await ready(page);
  await node.stop();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find" }).waitFor();
  await page.keyboard.insertText(digest);
  const found = page.getByRole("group", { name: "In store archive" }).getByRole("option");
  await found.waitFor();
  expect(await textOf(found)).toContain("10 B · moby · archive");
  await page.getByText(/^node-7 was not searched: /).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL((address) => address.pathname === "/blob" && address.searchParams.get("store") === "archive");
  await page.getByRole("region", { name: "Text, 1 line" }).waitFor();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Find" }).waitFor();
  await page.keyboard.insertText("$loc");
  await page.getByRole("option", { name: "local" }).click();
  await page.waitForURL(`${url}/content`);
});

test("a file goes to the store that was shown when it was picked, wherever the page goes on to", async () => {
  const { url, archive, put } = await startStores();
  await put("default", "a");
  const { page } = await visit(`${url}/content?ns=moby&store=archive`);
  await ready(page);
  const bytes = Buffer.alloc(1024 * 1024, 7);
  await page.locator("input[type=file]").setInputFiles({ name: "f", mimeType: "a/b", buffer: bytes });
  const uploads = page.getByRole("region", { name: "Uploads" });
  await uploads.waitFor();
  await page.keyboard.press("Shift+S");
  await listed(page).first().click();
  await page.waitForURL(`${url}/content`);
  await uploads.getByText("archive / moby").waitFor();
  await uploads.getByText("1 of 1 stored").waitFor();
  expect((await Array.fromAsync(archive.walk())).map(({ size }) => size)).toEqual([bytes.length]);
  await expect.poll(() => rows(page).count()).toBe(1);
  await uploads.getByRole("link").click();
  await page.waitForURL((address) => address.pathname === "/blob" && address.searchParams.get("store") === "archive");
});

test("a server with one store has no switcher, and its key does nothing", async () => {
  const { url } = await startPageServer();
  const { page, calls } = await visit(`${url}/content`);
  await connection(page).filter({ hasText: "Live" }).waitFor();
  await expect.poll(() => calls.filter((call) => call.endsWith("/ListStores")).length).toBeGreaterThan(0);
  await page.keyboard.press("Shift+S");
  expect(await switcher(page).count()).toBe(0);
  expect(await page.getByRole("dialog").count()).toBe(0);
});
