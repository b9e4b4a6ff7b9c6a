import type { BrowserContext, Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import { definePlugin } from "../../server/plugins/plugin.ts";
import { createStowageServer, stowageServerPlugin } from "../../server/services/stowage-server.ts";
import { browserForTests } from "./browser.ts";
import { countCalls } from "./counted-calls.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const status = "stowage.v1.ContentService/Status";
const list = "stowage.v1.ContentService/List";
const rowsOf = (page: Page) => page.locator("[role=row][data-key]");

/** Nothing of what a browser that lacks it cannot do. @param names of its globals */
function without(...names: readonly string[]) {
  return async (context: BrowserContext) => {
    await context.addInitScript((lacking) => {
      for (const name of lacking) Reflect.deleteProperty(name === "locks" ? Navigator.prototype : globalThis, name);
    }, names);
  };
}

/** A server that counts its streams, and a browser that has no tab of it yet. */
async function openBrowser(prepare: (context: BrowserContext) => Promise<void> = async () => undefined) {
  const counted = countCalls(builtinPlugins);
  const server = await startPageServer(counted.plugins);
  const { context, page: first } = await visit(`${server.url}/content`, { expectsLoss: true });
  await prepare(context);
  await context.newPage();
  await first.close();
  const problems: string[] = [];
  onTestFinished(() => expect(problems).toEqual([]));

  async function openTab(path = "/content"): Promise<Page> {
    const page = await context.newPage();
    page.on("pageerror", ({ message }) => problems.push(message));
    await page.goto(server.url + path);
    return page;
  }
  const streams = () => [counted.open(status), counted.open(list)];
  await expect.poll(streams).toEqual([0, 0]);
  return { ...server, openTab, streams };
}

async function waitForRows(page: Page, count: number): Promise<void> {
  await expect.poll(() => rowsOf(page).count()).toBe(count);
}

async function isLive(page: Page): Promise<void> {
  await page.getByText("Live", { exact: true }).waitFor();
}

test("nine tabs over HTTP/1.1 are live at once with one stream of each set, and the last to close ends them", async () => {
  const { put, openTab, streams } = await openBrowser();
  await put("default", "a");
  const tabs: Page[] = [];
  for (let count = 1; count <= 9; count += 1) {
    const tab = await openTab();
    tabs.push(tab);
    await waitForRows(tab, 1);
    await isLive(tab);
  }
  await expect.poll(streams).toEqual([1, 1]);

  await put("default", "b");
  for (const tab of tabs) await waitForRows(tab, 2);
  await expect.poll(streams).toEqual([1, 1]);

  for (const tab of tabs.splice(1)) await tab.close({ runBeforeUnload: false });
  await put("default", "c");
  await waitForRows(tabs[0] as Page, 3);
  await expect.poll(streams).toEqual([1, 1]);
  await tabs[0]?.close();
  await expect.poll(streams).toEqual([0, 0]);
});

test("tabs with more selections than there are streams for all show their rows, and say how they are kept up", async () => {
  const { put, openTab, streams } = await openBrowser();
  const namespaces = ["one", "two", "three"];
  for (const namespace of namespaces) await put(namespace, namespace);
  const tabs: Page[] = [];
  for (const namespace of namespaces) {
    const tab = await openTab(`/content?ns=${namespace}`);
    tabs.push(tab);
    await waitForRows(tab, 1);
  }
  await tabs[2]?.getByText("Live · polled 5 s").waitFor();
  expect(streams()[1]).toBeLessThanOrEqual(3);
  await put("three", "more");
  await waitForRows(tabs[2] as Page, 2);
  await tabs[0]?.close();
  await isLive(tabs[2] as Page);
});

test("after a restart of the server every tab is live again by itself", async () => {
  const { put, openTab, streams, stop, start } = await openBrowser();
  await put("default", "a");
  const tabs = [await openTab(), await openTab("/ingests"), await openTab()];
  for (const tab of tabs) await isLive(tab);
  await stop();
  for (const tab of tabs) await tab.getByText(/^Stale since/).waitFor();
  await start();
  await put("default", "b");
  for (const tab of tabs) await isLive(tab);
  await waitForRows(tabs[0] as Page, 2);
  await waitForRows(tabs[2] as Page, 2);
  await expect.poll(streams).toEqual([1, 1]);
});

test("without workers for all tabs one tab holds the streams, and another takes over when it is closed", async () => {
  const { put, openTab, streams } = await openBrowser(without("SharedWorker"));
  await put("default", "a");
  const tabs = [await openTab(), await openTab(), await openTab()];
  for (const tab of tabs) await waitForRows(tab, 1);
  await expect.poll(streams).toEqual([1, 1]);

  await tabs.shift()?.close();
  await put("default", "b");
  for (const tab of tabs) {
    await waitForRows(tab, 2);
    await isLive(tab);
  }
  await expect.poll(streams).toEqual([1, 1]);
  for (const tab of tabs) await tab.close();
  await expect.poll(streams).toEqual([0, 0]);
});

test("without workers for all tabs and without locks each tab has its own streams", async () => {
  const { put, openTab, streams } = await openBrowser(without("SharedWorker", "locks"));
  await put("default", "a");
  const tabs = [await openTab(), await openTab()];
  for (const tab of tabs) await waitForRows(tab, 1);
  await expect.poll(streams).toEqual([2, 2]);
  await tabs[0]?.close();
  await expect.poll(streams).toEqual([1, 1]);
});

test("a page out of sight holds no stream, and shows what changed when it is back", async () => {
  const { put, openTab, streams } = await openBrowser();
  await put("default", "a");
  const tab = await openTab();
  await waitForRows(tab, 1);
  await showTab(tab, "hidden");
  await expect.poll(streams).toEqual([0, 0]);
  await put("default", "b");
  await showTab(tab, "visible");
  await waitForRows(tab, 2);
  await expect.poll(streams).toEqual([1, 1]);
});

test("a server of another version is offered to a page in sight, and taken by one that nobody looks at", async () => {
  let version = "";
  const plugin = definePlugin({
    ...stowageServerPlugin,
    open: async (context) =>
      createStowageServer({
        version: version || context.version,
        listeners: () => context.listeners(),
        stores: context.get("stores"),
      }),
  });
  const plugins = builtinPlugins.map((each) => (each.id === plugin.id ? plugin : each));
  const { url, stop, start } = await startPageServer(plugins);
  const { page: seen, context } = await visit(`${url}/content`, { expectsLoss: true });
  const unseen = await context.newPage();
  await unseen.goto(`${url}/ingests`);
  for (const page of [seen, unseen]) {
    await isLive(page);
    await page.evaluate(() => Object.assign(window, { isFirstLoad: true }));
  }
  const isFirstLoad = (page: Page) => page.evaluate(() => "isFirstLoad" in window);
  await showTab(unseen, "hidden");
  await stop();
  version = "9.9.9";
  await start();
  await seen.getByRole("button", { name: "Reload for 9.9.9" }).waitFor();
  await expect.poll(() => isFirstLoad(unseen)).toBe(false);
  expect(await isFirstLoad(seen)).toBe(true);
  await seen.getByRole("button", { name: "Reload for 9.9.9" }).click();
  await expect.poll(() => isFirstLoad(seen)).toBe(false);
});

/** A headless browser takes every tab for visible. */
async function showTab(page: Page, state: "visible" | "hidden"): Promise<void> {
  await page.evaluate((shown) => {
    Object.defineProperty(document, "visibilityState", { configurable: true, get: () => shown });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
}
