import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { browserForTests, listens, textOf, watchComing } from "./browser.ts";
import { holdScript } from "./hold-script.ts";
import { startPageServer } from "./server.ts";
import { violationsWithPopup } from "./violations.ts";

const visit = browserForTests();

/** Before Find is loaded, a field alone stands for it. */
const input = (page: Page) => page.getByRole("dialog", { name: "Find" }).getByLabel("Find", { exact: true });
const options = (page: Page) => page.getByRole("option");
const pasted = (page: Page, text: string) => page.keyboard.insertText(text);

/** Opens Find by keys once the page listens to them. */
async function find(page: Page): Promise<void> {
  await page.getByText("Live", { exact: true }).waitFor();
  await page.keyboard.press("Control+k");
  await input(page).waitFor();
}

test("a digest that is pasted and entered at once opens its blob, in whichever namespace it is", async () => {
  const { url, put } = await startPageServer();
  await put("default", "a");
  const digest = await put("moby", "b");
  const { page, calls } = await visit(`${url}/content?ns=default`);
  await find(page);
  await pasted(page, digest);
  await page.keyboard.press("Enter");
  await page.waitForURL((address) => address.searchParams.get("d") === digest);
  expect(new URL(page.url()).searchParams.get("ns")).toBe("moby");
  await page.getByRole("region", { name: "Text, 1 line" }).waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
  expect(calls.filter((call) => call.endsWith("/ListPage"))).toHaveLength(1);
});

test("six digits find the blobs of all namespaces that begin so, with a link to all of them", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("default", "a");
  for (let namespace = 0; namespace < 9; namespace += 1) await put(`team-${namespace}`, "a");
  const { page } = await visit(`${url}/content?ns=default`);
  await find(page);
  const hex = digest.slice("sha256:".length, "sha256:".length + 6);
  await page.keyboard.type(hex);
  await options(page).filter({ hasText: "All 10 in Content" }).waitFor();
  await expect.poll(() => options(page).count()).toBe(9);
  await expect.poll(() => textOf(options(page).nth(1))).toMatch(/1 B · team-0$/);
  await options(page).last().click();
  await page.getByText("10 blobs").waitFor();
  expect(new URL(page.url()).searchParams.get("q")).toBe(hex);
});

test("a ctr line is read: its digest, and first the namespace that it names", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("default", "a");
  await put("moby", "a");
  const { page } = await visit(`${url}/content`);
  await find(page);
  await pasted(page, `ctr -a /run/stowage.sock -n moby content get ${digest}`);
  await options(page).filter({ hasText: "default" }).waitFor();
  await expect.poll(() => options(page).count()).toBe(2);
  await expect.poll(() => textOf(options(page).first())).toContain("moby");
});

test("a part of a ref finds the ingest in a namespace that the page is not about", async () => {
  const { url, write } = await startPageServer();
  await using writer = await write("moby", "upload-of-a-layer", 10);
  await writer.write(Buffer.from("abc"));
  const { page } = await visit(`${url}/content?ns=default`);
  await find(page);
  await page.keyboard.type("of-a");
  await options(page).filter({ hasText: "upload-of-a-layer" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/ingests/);
  const { searchParams } = new URL(page.url());
  expect([searchParams.get("ns"), searchParams.get("q")]).toEqual(["moby", "ref:upload-of-a-layer"]);
  await page.locator("[role=row][data-key]").filter({ hasText: "upload-of-a-layer" }).waitFor();
});

test("a namespace after @ becomes what the page is about, and is offered again", async () => {
  const { url, put } = await startPageServer();
  await put("default", "a");
  await put("moby", "b");
  const { page } = await visit(`${url}/content?q=size%3A%3C1KiB`);
  await find(page);
  await page.keyboard.type("@mob");
  await options(page).filter({ hasText: "moby" }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Namespaces: moby" }).waitFor();
  expect(new URL(page.url()).searchParams.get("q")).toBe("size:<1KiB");
  await page.reload();
  await find(page);
  await page.getByRole("group", { name: "Recent" }).getByRole("option", { name: "moby" }).waitFor();
});

test("what is typed while Find is loaded is kept, and no key of it is lost as it comes", async () => {
  const { url } = await startPageServer();
  const { page } = await visit(`${url}/content`);
  const palette = await holdScript(page, "namespace, page, or a ctr line");
  await find(page);
  await palette.held;
  await page.keyboard.type("/i");
  const comesWithFocus = await watchComing(page, "[role=dialog]:has([role=combobox])");
  palette.release();
  expect(await comesWithFocus()).toBe(true);
  await page.keyboard.type("ng");
  await options(page).filter({ hasText: "Ingests" }).waitFor();
  expect(await input(page).inputValue()).toBe("/ing");
});

test("what is pasted and entered while Find is loaded is opened once that is there", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("moby", "b");
  const { page } = await visit(`${url}/content?ns=default`);
  const palette = await holdScript(page, "namespace, page, or a ctr line");
  await find(page);
  await pasted(page, digest);
  await page.keyboard.press("Enter");
  await palette.held;
  palette.release();
  await page.waitForURL((address) => address.searchParams.get("d") === digest);
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("a label after # opens the blobs that have it", async () => {
  const { url, put } = await startPageServer();
  await put("default", "a", { "example.com/team name": "payments" });
  await put("default", "b");
  const { page } = await visit(`${url}/ingests`);
  await find(page);
  await pasted(page, "#example.com/team name=payments");
  await options(page).first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("1 of 2 blobs").waitFor();
});

test("a page is found by its name, and an address of this dashboard is opened", async () => {
  const { url } = await startPageServer();
  const { page } = await visit(`${url}/content`);
  await find(page);
  await page.keyboard.type("/ing");
  await options(page).filter({ hasText: "Ingests" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/ingests/);
  await find(page);
  await pasted(page, `${url}/content?ns=moby&sort=size`);
  await options(page).filter({ hasText: "Open this address" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/content\?ns=moby&sort=size/);
});

test("acts of the focused row are done to that row, and Escape leads back to it", async () => {
  const { url, put } = await startPageServer();
  await put("default", "a");
  const { page } = await visit(`${url}/content`);
  const row = page.locator("[role=row][data-key]").first();
  await row.focus();
  await find(page);
  await page.keyboard.press("Escape");
  await expect.poll(() => row.evaluate((element) => element === document.activeElement)).toBe(true);
  await find(page);
  await page.keyboard.type(">select");
  await page.getByRole("option", { name: "Select", exact: true }).click();
  await page.getByRole("region", { name: "Selection" }).getByText("1 selected").waitFor();
});

test("acts without a row are those of the page, each with its key", async () => {
  const { url } = await startPageServer();
  const { page } = await visit(`${url}/content`);
  await find(page);
  await page.keyboard.type(">");
  await options(page).filter({ hasText: "Pause or resume" }).waitFor();
  expect(await options(page).filter({ hasText: "Copy digest" }).count()).toBe(0);
  expect(await options(page).filter({ hasText: "Pause or resume" }).locator("kbd").textContent()).toBe("p");
  await page.keyboard.type("pause");
  await expect.poll(() => options(page).count()).toBe(1);
  await page.keyboard.press("Enter");
  await page.getByText(/^Paused at/).waitFor();
});

test("where nothing is found it is said what was searched", async () => {
  const { url } = await startPageServer();
  const { page } = await visit(`${url}/content`);
  await find(page);
  await pasted(page, "0123456789");
  await page.getByText("Nothing begins with 0123456789").waitFor();
  await page.getByText("digests of all blobs in all namespaces").waitFor();
  await expect.poll(() => page.getByRole("dialog").getByRole("status").textContent()).toBe("Nothing found");
});

test("a server that does not answer is told, and asked again", async () => {
  const server = await startPageServer();
  const digest = await server.put("default", "a");
  const { page } = await visit(`${server.url}/content`, { expectsLoss: true });
  await find(page);
  await server.stop();
  await pasted(page, digest);
  await page.getByRole("alert").waitFor();
  await server.start();
  await page.getByRole("button", { name: "Try again" }).click();
  await options(page).filter({ hasText: "1 B · default" }).waitFor();
});

test("Control and Enter open a new tab; the list of keys has the key", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("default", "a");
  const { page, context } = await visit(`${url}/content`);
  await find(page);
  await pasted(page, digest);
  await options(page).first().waitFor();
  const [tab] = await Promise.all([context.waitForEvent("page"), page.keyboard.press("Control+Enter")]);
  await tab.waitForURL(/\/blob\?/);
  expect(page.url()).toContain("/content");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).getByText("Find", { exact: true }).waitFor();
});

describe.each(["light", "dark"] as const)("in the %s theme", (theme) => {
  test.each([1440, 375])("Find is without a violation of WCAG that axe finds, at %d pixels", async (width) => {
    const { url, put } = await startPageServer();
    const digest = await put("default", "a");
    const { page } = await visit(`${url}/content`, { theme, width });
    await listens(page);
    await page.getByRole("button", { name: "Find" }).click();
    await options(page).first().waitFor();
    expect(await violationsWithPopup(page)).toEqual([]);
    await input(page).fill(digest);
    await options(page).filter({ hasText: "1 B" }).waitFor();
    expect(await violationsWithPopup(page)).toEqual([]);
    await input(page).fill("zzz zzz");
    await page.getByText("Nothing matches zzz zzz").waitFor();
    expect(await violationsWithPopup(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBe(0);
  });
});
