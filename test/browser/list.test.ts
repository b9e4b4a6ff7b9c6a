import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { browserForTests, textOf } from "./browser.ts";
import type { PageServer } from "./server.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const rowsOf = (page: Page) => page.locator("[role=row][data-key]");
const focusedRow = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("aria-rowindex"));
const focusedKey = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-key"));
const bar = (page: Page) => page.getByRole("region", { name: "Selection" });

async function fill({ put }: PageServer, count: number, from = 0): Promise<void> {
  for (let index = from; index < from + count; index += 20) {
    const more = Array.from({ length: Math.min(20, from + count - index) }, (_, place) => index + place);
    await Promise.all(more.map((number) => put("default", `blob ${number}`)));
  }
}

test("every row of a set that is larger than the live window is reached, to the last", async () => {
  const server = await startPageServer();
  await fill(server, 1510);
  const { page, calls } = await visit(`${server.url}/content`);
  await page.getByText("1,510 blobs").waitFor();
  await expect.poll(() => page.getByRole("grid").getAttribute("aria-rowcount")).toBe("1511");
  expect(calls).not.toContain("stowage.v1.ContentService/ListPage");
  await rowsOf(page).first().focus();
  await page.keyboard.press("End");
  await expect.poll(() => focusedRow(page)).toBe("1511");
  await expect.poll(() => focusedKey(page)).toMatch(/^default sha256:/);
  await page.getByRole("button", { name: "row 1,510 of 1,510" }).waitFor();
  expect(calls).toContain("stowage.v1.ContentService/ListPage");
  expect(await rowsOf(page).count()).toBeLessThan(100);
  await page.keyboard.press(":");
  await page.keyboard.type("1,201");
  await page.keyboard.press("Enter");
  await expect.poll(() => focusedRow(page)).toBe("1202");
  await expect.poll(() => focusedKey(page)).toMatch(/^default sha256:/);
  const read = await focusedKey(page);
  await server.put("default", "one more");
  await page.getByRole("button", { name: "row 1,202 of 1,511" }).waitFor();
  expect(await focusedKey(page)).toBe(read);
  await page.getByRole("button", { name: "1 new above" }).waitFor();
});

test("the largest of the whole set is on top, and a thousand new rows do not move the one that is read", async () => {
  const server = await startPageServer();
  const largest = await server.put("default", "x".repeat(4000));
  await fill(server, 1300);
  const { page } = await visit(`${server.url}/content`);
  await page.getByText("1,301 blobs").waitFor();
  await page.getByRole("button", { name: "Size" }).click();
  await expect.poll(() => rowsOf(page).first().getAttribute("data-key")).toBe(`default ${largest}`);
  await rowsOf(page).first().focus();
  await page.keyboard.press("End");
  await expect.poll(() => focusedRow(page)).toBe("1302");
  await page.keyboard.press(":");
  await page.keyboard.type("50%");
  await page.keyboard.press("Enter");
  await expect.poll(() => focusedRow(page)).toBe("652");
  await expect.poll(() => focusedKey(page)).toMatch(/^default sha256:/);
  const key = (await focusedKey(page)) ?? "";
  const top = () => page.locator(`[data-key="${key}"]`).evaluate((row) => row.getBoundingClientRect().top);
  const before = await top();
  await fill(server, 1000, 10_000);
  await page.getByText("2,301 blobs").waitFor();
  expect(await focusedKey(page)).toBe(key);
  await expect.poll(top).toBe(before);
}, 120_000);

test("a thousand new rows on top do not move the one that is read among the newest, which falls out of the window", async () => {
  const server = await startPageServer();
  await fill(server, 420);
  const { page } = await visit(`${server.url}/content`);
  await page.getByText("420 blobs").waitFor();
  await rowsOf(page).first().focus();
  await page.keyboard.press(":");
  await page.keyboard.type("400");
  await page.keyboard.press("Enter");
  await expect.poll(() => focusedRow(page)).toBe("401");
  const key = (await focusedKey(page)) ?? "";
  const top = () => page.locator(`[data-key="${key}"]`).evaluate((row) => row.getBoundingClientRect().top);
  const before = await top();
  await fill(server, 1000, 10_000);
  await page.getByText("1,420 blobs").waitFor();
  expect(await focusedKey(page)).toBe(key);
  await expect.poll(() => focusedRow(page)).toBe("1401");
  await expect.poll(top).toBe(before);
}, 120_000);

test("all that match are chosen as a query, and deleted once their number is typed", async () => {
  const server = await startPageServer();
  await fill(server, 110);
  await server.put("default", "other", { keep: "yes" });
  const { page } = await visit(`${server.url}/content?q=-label%3Akeep`);
  await page.getByText("110 of 111 blobs").waitFor();
  await rowsOf(page).first().focus();
  await page.keyboard.press("Control+a");
  await expect.poll(() => textOf(bar(page))).toContain("110 selected");
  await bar(page).getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog");
  const act = dialog.getByRole("button", { name: "Delete 110 blobs" });
  await act.waitFor();
  expect(await act.isDisabled()).toBe(true);
  await dialog.getByRole("textbox").fill("110");
  await act.click();
  await dialog.getByText("110 of 110 blobs deleted").waitFor();
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await page.getByText("0 of 1 blob").waitFor();
  await expect.poll(() => bar(page).count()).toBe(0);
});

test("rows are chosen by keys, stay chosen under another query, and get a label together", async () => {
  const server = await startPageServer();
  await server.put("default", "a");
  await server.put("default", "b".repeat(3000));
  await server.put("default", "c");
  const { page } = await visit(`${server.url}/content`);
  await expect.poll(() => rowsOf(page).count()).toBe(3);
  await rowsOf(page).first().focus();
  await page.keyboard.press("x");
  await page.keyboard.press("End");
  await page.keyboard.press("X");
  await expect.poll(() => textOf(bar(page))).toContain("3 selected");
  await page.getByRole("combobox", { name: "Query" }).fill("size:>2KiB");
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await bar(page).getByRole("button", { name: "2 outside this query" }).waitFor();
  await bar(page).getByRole("button", { name: "Labels…" }).click();
  await page.getByRole("textbox", { name: "Key" }).fill("team");
  await page.getByRole("textbox", { name: "Value" }).fill("payments");
  await page.getByRole("button", { name: "Label 3 blobs" }).click();
  await page.getByText("3 of 3 blobs labelled").waitFor();
  expect((await server.ctr(["content", "ls", "-q", "labels.team==payments"])).stdout.trim().split("\n")).toHaveLength(
    3,
  );
});

test("the panel beside the list goes along with the cursor, and Escape closes it", async () => {
  const server = await startPageServer();
  const first = await server.put("default", "a");
  const second = await server.put("default", "b", { team: "payments" });
  const { page } = await visit(`${server.url}/content`);
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await rowsOf(page).first().focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Blob" });
  await expect.poll(() => panel.textContent()).toContain(second);
  await expect.poll(() => panel.textContent()).toContain("payments");
  await page.keyboard.press("j");
  await expect.poll(() => panel.textContent()).toContain(first);
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
});

test("a query is completed from fields and from values that there are", async () => {
  const server = await startPageServer();
  await server.put("default", "a", { team: "payments" });
  await server.put("default", "b");
  const { page } = await visit(`${server.url}/content`);
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  const query = page.getByRole("combobox", { name: "Query" });
  await query.pressSequentially("lab");
  await page.getByRole("option", { name: "label:" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: "team" }).click();
  await page.getByRole("option", { name: "payments" }).click();
  expect(await query.inputValue()).toBe("label:team=payments ");
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await page.waitForURL(/q=label:team/);
});
