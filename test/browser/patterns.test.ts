import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { browserForTests, textOf } from "./browser.ts";
import { holdScript } from "./hold-script.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const query = (page: Page) => page.getByRole("combobox", { name: "Query" });
const rows = (page: Page) => page.locator("[role=row][data-key]");
const fault = (page: Page) => page.locator("#query-fault");

/** Only what compiles patterns says this. */
const compilerText = "missing argument to repetition operator";

test("while patterns cannot be compiled yet, one that is typed is not asked; then it is, or is marked", async () => {
  const { url, put } = await startPageServer();
  await put("default", "a", { team: "payments" });
  await put("default", "b");
  const { page } = await visit(`${url}/content`);
  const compiler = await holdScript(page, compilerText);
  await page.goto(`${url}/content`);
  await expect.poll(() => rows(page).count()).toBe(2);
  await query(page).fill("label:team size:>>1");
  await expect.poll(() => textOf(fault(page))).toContain("is no size");
  await query(page).fill("label:team /a(b/");
  await compiler.held;
  await expect.poll(() => fault(page).count()).toBe(0);
  expect(new URL(page.url()).searchParams.get("q")).toBeNull();
  compiler.release();
  await expect.poll(() => fault(page).locator("mark").textContent()).toBe("/a(b/");
  expect(await rows(page).count()).toBe(2);
  await query(page).fill("/^team=pay/");
  await page.getByText("1 of 2 blobs").waitFor();
});

test("an address with a pattern waits for what compiles it, and shows what it asks for", async () => {
  const { url, put, write } = await startPageServer();
  await put("default", "a", { team: "payments" });
  await put("default", "b");
  await using one = await write("default", "layer-a", 10);
  await using other = await write("default", "config-b", 10);
  await one.write(Buffer.from("abc"));
  await other.write(Buffer.from("abc"));
  const { page } = await visit(`${url}/content`);
  const compiler = await holdScript(page, compilerText);
  await page.goto(`${url}/content?q=${encodeURIComponent("/^team=pay/")}`);
  await compiler.held;
  // The page as it was built has a field for a query, and nothing in it.
  expect(await rows(page).count()).toBe(0);
  expect(await fault(page).count()).toBe(0);
  compiler.release();
  await page.getByText("1 of 2 blobs").waitFor();
  await page.goto(`${url}/ingests?q=${encodeURIComponent("ref:/^layer-/")}`);
  await expect.poll(() => rows(page).count()).toBe(1);
  expect(await textOf(rows(page))).toContain("layer-a");
});

test("an address with a wrong pattern marks it, and asks for everything", async () => {
  const { url, put } = await startPageServer();
  await put("default", "a");
  const { page } = await visit(`${url}/content?q=${encodeURIComponent("size:>0 /a(b/")}`);
  await expect.poll(() => fault(page).locator("mark").textContent()).toBe("/a(b/");
  await expect.poll(() => rows(page).count()).toBe(1);
});
