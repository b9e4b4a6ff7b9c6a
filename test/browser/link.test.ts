import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { browserForTests, clipboard, textOf } from "./browser.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const rowsOf = (page: Page) => page.locator("[role=row][data-key]");
const focusedKey = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("data-key"));
const main = (page: Page) => textOf(page.getByRole("main"));

/** The link that this page put on the clipboard, which all pages share. */
async function copiedLink(page: Page): Promise<string> {
  const { origin } = new URL(page.url());
  await expect.poll(() => clipboard(page)).toContain(origin);
  return clipboard(page);
}

test("a link shows a colleague the same view, the same row, and what changed since", async () => {
  const server = await startPageServer();
  const digests: string[] = [];
  for (let size = 1; size <= 120; size += 1) digests.push(await server.put("default", "x".repeat(size)));
  const { page } = await visit(`${server.url}/content?q=size%3A%3E5&sort=-size`);
  await page.getByText("115 of 120 blobs").waitFor();
  await rowsOf(page).first().focus();
  await page.keyboard.press("x");
  await page.keyboard.press(":");
  await page.keyboard.type("81");
  await page.keyboard.press("Enter");
  const read = `default ${digests[119 - 80]}`;
  await expect.poll(() => focusedKey(page)).toBe(read);
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Blob" }).waitFor();
  await page.keyboard.press("y");
  const link = await copiedLink(page);

  await server.put("default", "y".repeat(200));
  await server.put("default", "y".repeat(201));
  await server.put("default", "y");
  await server.ctr(["content", "label", digests[50] ?? "", "team=payments"]);
  await server.ctr(["content", "rm", digests[60] ?? ""]);

  const { page: other } = await visit(link);
  await expect.poll(() => main(other)).toContain("Since then 2 came, 1 changed, 1 went.");
  const sent = other.locator(`[data-key="${read}"]`);
  await sent.waitFor();
  await expect.poll(() => sent.getAttribute("aria-rowindex")).toBe("83");
  await expect.poll(() => sent.getAttribute("tabindex")).toBe("0");
  await expect.poll(() => textOf(other.getByRole("complementary", { name: "Blob" }))).toContain(read.split(" ")[1]);
  expect(await other.getByRole("combobox", { name: "Query" }).inputValue()).toBe("size:>5");
  expect(await other.getByRole("columnheader", { name: "Size" }).getAttribute("aria-sort")).toBe("descending");
  await expect.poll(() => textOf(other.getByRole("region", { name: "Selection" }))).toContain("1 selected");
  await other.getByRole("button", { name: "Dismiss" }).click();
  await expect.poll(() => main(other)).not.toContain("Since then");
  await expect.poll(() => new URL(other.url()).searchParams.has("since")).toBe(false);
});

test("a server that does not remember the moment of a link says that it cannot tell", async () => {
  const server = await startPageServer();
  await server.put("default", "a");
  const { page, context } = await visit(`${server.url}/content`, { expectsLoss: true });
  await rowsOf(page).first().waitFor();
  await page.keyboard.press("y");
  const link = await copiedLink(page);
  await context.close();
  await server.stop();
  await server.start();
  const { page: late } = await visit(link);
  await expect.poll(() => main(late)).toContain("What changed since cannot be told");
});

test("a link to a row that is gone says so, and shows the rest", async () => {
  const server = await startPageServer();
  await server.put("default", "a");
  const { page } = await visit(`${server.url}/content?at=default/sha256:000000000000&row=5&asof=2026-01-01T00:00:00Z`);
  await expect.poll(() => main(page)).toContain("not near its place any more");
  await expect.poll(() => rowsOf(page).count()).toBe(1);
});

test("back closes the panel, and forward opens it again", async () => {
  const server = await startPageServer();
  await server.put("default", "a");
  const { page } = await visit(`${server.url}/content`);
  await rowsOf(page).first().focus();
  await page.keyboard.press("Enter");
  const panel = page.getByRole("complementary", { name: "Blob" });
  await panel.waitFor();
  await page.waitForURL(/peek=default/);
  await page.goBack();
  await panel.waitFor({ state: "detached" });
  await page.goForward();
  await panel.waitFor();
});
