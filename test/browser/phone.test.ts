import { expect, test } from "vitest";
import { browserForTests, textOf } from "./browser.ts";
import { startPageServer } from "./server.ts";
import { violations } from "./violations.ts";

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
  await page.getByRole("button", { name: "Connection: No such store" }).waitFor(wait);
  expect(await page.title()).toBe("No such store · a-store-of-a-long-name-that-nobody-configured-here · Stowage");
  expect(await page.getByText("The server does not answer").count()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  // What is about the server is there in any case.
  await page.goto(page.url().replace("/content", "/activity"));
  await page.getByText("Nothing was done yet").or(page.getByText("kept since")).first().waitFor(wait);
});
