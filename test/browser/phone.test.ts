import { expect, test } from "vitest";
import { browserForTests, copiedBy, textOf } from "./browser.ts";
import { startPageServer } from "./server.ts";
import { violations, violationsWithPopup } from "./violations.ts";

const visit = browserForTests();
const wait = { timeout: 15_000 };

test("on a phone, rows are chosen by touch, and what can be done with them stands below", async () => {
  const server = await startPageServer();
  for (const text of ["one", "two", "three"]) await server.put("moby", text);
  const { page } = await visit(`${server.url}/content`, { width: 375 });
  const rows = page.locator("[role=row][data-key]");
  await expect.poll(() => rows.count(), wait).toBe(3);
  expect(await page.title()).toBe("Content · Stowage");
  const card = await rows.first().boundingBox();
  if (card === null) throw new Error("the card has no place");
  // Beside the box too, as far as a finger reaches.
  await page.touchscreen.tap(card.x + 40, card.y + 12);
  const bar = page.getByRole("region", { name: "Selection" });
  await bar.getByText("1 selected").waitFor(wait);
  await rows.nth(1).getByRole("checkbox", { name: "Select" }).tap();
  await bar.getByText("2 selected").waitFor(wait);
  expect(new URL(page.url()).pathname).toBe("/content");
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  await bar.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("dialog").waitFor(wait);
});

test("on a phone, all that match are chosen at once, rows are sorted, and a link is copied", async () => {
  const server = await startPageServer();
  for (const text of ["a", "ccc", "bb"]) await server.put("moby", text);
  const { page } = await visit(`${server.url}/content`, { width: 375 });
  const rows = page.locator("[role=row][data-key]");
  await expect.poll(() => rows.count(), wait).toBe(3);
  await page.getByRole("checkbox", { name: "Select all that match" }).tap();
  const bar = page.getByRole("region", { name: "Selection" });
  await bar.getByText("3 selected").waitFor(wait);
  await page.getByRole("button", { name: "Sorted by Created, descending" }).tap();
  const size = page.getByRole("menuitemcheckbox", { name: "Size" });
  await size.tap();
  const sizes = async () => (await Promise.all((await rows.all()).map(textOf))).map((text) => /\d B/.exec(text)?.[0]);
  await expect.poll(sizes, wait).toEqual(["3 B", "2 B", "1 B"]);
  expect(await violationsWithPopup(page)).toEqual([]);
  await size.tap();
  await expect.poll(sizes, wait).toEqual(["1 B", "2 B", "3 B"]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Sorted by Size, ascending" }).waitFor(wait);
  const link = await copiedBy(page, () => page.getByRole("button", { name: "Copy link" }).tap());
  expect(new URL(link).searchParams.get("sort")).toBe("size");
  expect(new URL(link).searchParams.get("sel")).toBe("*");
});

test("on a phone, what is in the top bar can be hit by a finger, and the navigation is closed again by one", async () => {
  const server = await startPageServer(undefined, { oneTime: true });
  const { page } = await visit(`${server.url}/content${server.fragment?.slice(1)}`, { width: 375 });
  await page.getByRole("button", { name: /^Account/ }).waitFor(wait);
  const buttons = page.getByRole("banner").getByRole("button");
  const boxes = await Promise.all((await buttons.all()).map((button) => button.boundingBox()));
  const small = boxes.filter((box) => box !== null && (box.width < 44 || box.height < 44));
  expect([small, boxes.length > 4]).toEqual([[], true]);
  await page.getByRole("button", { name: "Menu" }).tap();
  const sheet = page.getByRole("dialog", { name: "Navigation" });
  await sheet.waitFor(wait);
  expect(await violationsWithPopup(page)).toEqual([]);
  await sheet.getByRole("button", { name: "Close" }).tap();
  await sheet.waitFor({ state: "detached", ...wait });
});

test("where a page is lower than what stands above its rows, as at 400 % zoom, it scrolls until they fill it", async () => {
  const server = await startPageServer();
  for (const text of ["a", "b", "c", "d", "e"]) await server.put("moby", text);
  const { page } = await visit(`${server.url}/content`, { width: 320 });
  const rows = page.locator("[role=row][data-key]");
  await expect.poll(() => rows.count(), wait).toBe(5);
  await page.setViewportSize({ width: 320, height: 256 });
  const grid = page.getByRole("grid");
  await grid.evaluate((element) => element.scrollIntoView({ block: "end" }));
  await expect.poll(async () => (await grid.boundingBox())?.height, wait).toBeGreaterThan(2 * 64);
  await expect.poll(async () => (await grid.boundingBox())?.y, wait).toBeGreaterThanOrEqual(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});

test("namespaces are offered with what each holds", async () => {
  const server = await startPageServer();
  await server.put("moby", "in moby");
  await server.put("k8s.io", "in Kubernetes");
  await server.put("k8s.io", "more of it");
  const { page } = await visit(`${server.url}/content`, { width: 375 });
  await page.getByRole("button", { name: "Namespaces: All namespaces" }).click(wait);
  const offered = page.getByRole("menuitemcheckbox");
  await offered.filter({ hasText: "blob" }).nth(1).waitFor(wait);
  const words = await Promise.all((await offered.all()).map(textOf));
  expect(words.toSorted()).toEqual(["All namespaces", "k8s.io2 blobs · 23 B", "moby1 blob · 7 B"]);
});

test("a store that is not there is told by its page alone, which does not blame the server", async () => {
  const server = await startPageServer();
  const { page } = await visit(`${server.url}/content?store=a-store-of-a-long-name-that-nobody-configured-here`, {
    width: 375,
    expectsLoss: true,
  });
  await page.getByRole("heading", { name: "No such store" }).waitFor(wait);
  await page.getByRole("button", { name: "Connection: No store of this name" }).waitFor(wait);
  expect(await page.title()).toBe("No such store · a-store-of-a-long-name-that-nobody-configured-here · Stowage");
  expect(await page.getByText("The server does not answer").count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  // What is about the server is there in any case.
  await page.goto(page.url().replace("/content", "/activity"));
  await page.getByText("Nothing was done yet").or(page.getByText("kept since")).first().waitFor(wait);
});
