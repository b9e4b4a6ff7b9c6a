import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import { browserForTests, pressQuickly, textOf } from "./browser.ts";
import { countCalls } from "./counted-calls.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const rowsOf = (page: Page) => page.locator("[role=row][data-key]");

test("after a restart of the server the page recovers by itself, with nothing lost and nothing doubled", async () => {
  const { url, put, stop, start } = await startPageServer();
  const kept = [await put("default", "a"), await put("moby", "b")];
  const { page } = await visit(`${url}/content`, { expectsLoss: true });
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));

  await stop();
  await page.getByText(/^Stale since/).waitFor();
  expect(await rowsOf(page).count()).toBe(2);
  await page.getByText(/^Showing \d\d:\d\d:\d\d\. Reconnecting/).waitFor();
  expect(await rowsOf(page).count()).toBe(2);
  await page.getByText(/as of \d\d:\d\d:\d\d/).waitFor();

  await start();
  const added = await put("default", "c");
  const live = page.getByText("Live", { exact: true });
  // The next try may come by itself before anybody asks for it.
  await Promise.race([page.getByRole("button", { name: "Now" }).click(), live.waitFor()]);
  await live.waitFor();
  const keys = () => rowsOf(page).evaluateAll((rows) => rows.map((row) => row.getAttribute("data-key")?.split(" ")[1]));
  await expect.poll(async () => (await keys()).toSorted()).toEqual([...kept, added].toSorted());
  await page.getByText("3 blobs").waitFor();
  expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
});

test("an ingest that a stop of the server cut off is there again, once", async () => {
  const { url, write, stop, start } = await startPageServer();
  const writer = await write("default", "cut", 0);
  await writer.write(Buffer.alloc(5000));
  const { page } = await visit(`${url}/ingests`, { expectsLoss: true });
  await rowsOf(page).filter({ hasText: "cut" }).waitFor();
  await stop();
  await start();
  await expect.poll(() => textOf(rowsOf(page).first()), { timeout: 20_000 }).toContain("resumable");
  expect(await rowsOf(page).count()).toBe(1);
  expect(await textOf(rowsOf(page).first())).toContain("4.88 KiB");
});

test("a server with Content alone is listed and polled, and the page says so", async () => {
  const plugins = builtinPlugins.filter(({ id }) => id !== "stowage-content");
  const counted = countCalls(plugins);
  const { url, write, ctr } = await startPageServer(counted.plugins);
  await using whole = await write("default", "whole", 1);
  await whole.write(Buffer.from("a"));
  const first = await whole.commit();
  await using writer = await write("moby", "polled", 0);
  await writer.write(Buffer.from("abc"));
  const { page } = await visit(`${url}/content`, { expectsLoss: true });
  await page.getByText(/^Live · polled 2.s$/).waitFor();
  await expect.poll(() => textOf(rowsOf(page).first())).toContain(first.slice(7, 15));
  for (const method of ["List", "ListStatuses"]) {
    await expect.poll(() => counted.called).toContain(`containerd.services.content.v1.Content/${method}`);
  }

  await ctr(["content", "ingest", "hello"], { input: "hello\n" });
  await rowsOf(page).filter({ hasText: "5891b5b5" }).waitFor();

  await pressQuickly(page, "g", "i");
  const row = rowsOf(page).filter({ hasText: "polled" });
  await row.waitFor();
  await writer.write(Buffer.from("def"));
  await expect.poll(() => textOf(row)).toContain("6 B");
});
