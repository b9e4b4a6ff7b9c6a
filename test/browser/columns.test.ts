import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { browserForTests, clipboard, textOf, watchComing } from "./browser.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const rowsOf = (page: Page) => page.locator("[role=row][data-key]");
const heads = async (page: Page) =>
  (await page.getByRole("columnheader").allTextContents()).filter((text) => text !== "");

test("columns are hidden, moved and widened, by keys too, and stay so", async () => {
  const server = await startPageServer();
  await server.put("default", "a");
  const { page } = await visit(`${server.url}/content`);
  await rowsOf(page).first().waitFor();
  expect(await heads(page)).toEqual(["Digest", "Namespace", "Size", "Labels", "Created", "Updated", "Acts"]);
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Namespace" }).click();
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Size" }).press("Alt+ArrowRight");
  await expect.poll(() => heads(page)).toEqual(["Digest", "Labels", "Size", "Created", "Updated", "Acts"]);
  const size = page.getByRole("columnheader", { name: "Size" });
  const before = (await size.boundingBox())?.width ?? 0;
  await size.getByRole("button").press("Alt+Shift+ArrowRight");
  await expect.poll(async () => (await size.boundingBox())?.width).toBe(before + 16);
  await page.getByRole("columnheader", { name: "Updated" }).dragTo(page.getByRole("columnheader", { name: "Labels" }));
  await expect.poll(() => heads(page)).toEqual(["Digest", "Updated", "Labels", "Size", "Created", "Acts"]);
  await page.reload();
  await rowsOf(page).first().waitFor();
  await expect.poll(() => heads(page)).toEqual(["Digest", "Updated", "Labels", "Size", "Created", "Acts"]);
  await expect.poll(async () => (await size.boundingBox())?.width).toBe(before + 16);

  await page.keyboard.press("y");
  await expect.poll(() => clipboard(page)).toContain(server.url);
  const { page: other } = await visit(await clipboard(page));
  await rowsOf(other).first().waitFor();
  await expect.poll(() => heads(other)).toEqual(["Digest", "Updated", "Labels", "Size", "Created", "Acts"]);
  await other.getByRole("button", { name: "Columns" }).click();
  await other.getByRole("menuitem", { name: "As at first" }).click();
  await expect.poll(() => heads(other)).toHaveLength(7);
});

test("a row is asked by: f filters by what it is, F excludes that, and a dot shows all acts", async () => {
  const server = await startPageServer();
  await server.put("default", "a", { team: "payments" });
  await server.put("moby", "bb");
  const { page } = await visit(`${server.url}/content`);
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await rowsOf(page).filter({ hasText: "default" }).focus();
  // The next key may come at once, and is the menu's.
  const comesWithFocus = await watchComing(page, "[role=menu]");
  await page.keyboard.press("f");
  expect(await comesWithFocus()).toBe(true);
  await page.getByRole("menuitem", { name: "label:team=payments" }).click();
  const query = page.getByRole("combobox", { name: "Query" });
  await expect.poll(() => query.inputValue()).toBe("label:team=payments");
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await rowsOf(page).first().focus();
  await page.keyboard.press("F");
  await page.getByRole("menuitem", { name: "-ns:default" }).click();
  await expect.poll(() => query.inputValue()).toBe("label:team=payments -ns:default");
  await page.getByRole("button", { name: "Without label:team=payments" }).click();
  await expect.poll(() => query.inputValue()).toBe("-ns:default");
  await expect.poll(() => textOf(rowsOf(page).first())).toContain("moby");
  await rowsOf(page).first().focus();
  await page.keyboard.press(".");
  await page.getByRole("menuitem", { name: "Open page" }).waitFor();
  await page.getByRole("menuitem", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await rowsOf(page).filter({ hasText: "deleted" }).waitFor();
});

test("with less room, a list beside its panel leaves out what that tells, and elsewhere what names a row stays in sight", async () => {
  const server = await startPageServer();
  await server.put("default", "a", { team: "payments" });
  await server.put("moby", "bb");
  const { page } = await visit(`${server.url}/content`);
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  const grid = page.getByRole("grid");
  const beyond = () => grid.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(await beyond()).toBe(0);
  await rowsOf(page).first().press("Enter");
  await page.getByRole("complementary", { name: "Blob" }).waitFor();
  await expect.poll(() => heads(page)).toEqual(["Digest", "Size", "Labels", "Created", "Acts"]);
  expect(await beyond()).toBe(0);
  await page.keyboard.press("Escape");
  await expect.poll(() => heads(page)).toHaveLength(7);

  await page.setViewportSize({ width: 768, height: 900 });
  await expect.poll(beyond).toBeGreaterThan(0);
  await grid.evaluate((element) => element.scrollTo({ left: element.scrollWidth }));
  const name = rowsOf(page).first().getByRole("link");
  const isOnTop = () =>
    name.evaluate((element) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
    });
  await expect.poll(isOnTop).toBe(true);
});
