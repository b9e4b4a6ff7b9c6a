import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { ContentError } from "../../content/errors.ts";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import { browserForTests, clipboard, copiedBy, pressQuickly, textOf } from "./browser.ts";
import { tellCalls } from "./counted-calls.ts";
import { eachOf, rowOf, rowsOf, selectionOf } from "./ingest-rows.ts";
import { quickStall } from "./quick-stall.ts";
import { startPageServer } from "./server.ts";
import { violationsWithPopup } from "./violations.ts";

const visit = browserForTests();

const panel = (page: Page) => page.getByRole("complementary", { name: "Ingest" });

test("rows are chosen by keys, stay chosen under another query, and count as gone once they ended", async () => {
  const { url, write } = await startPageServer();
  const { page } = await visit(`${url}/ingests`);
  const first = await write("default", "layer-first", 3);
  await first.write(Buffer.from("abc"));
  await using second = await write("default", "config-second", 0);
  await second.write(Buffer.from("ab"));
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await rowOf(page, "layer-first").focus();
  await page.keyboard.press("x");
  await rowOf(page, "config-second").focus();
  await page.keyboard.press("X");
  await expect.poll(() => textOf(selectionOf(page))).toMatch(/2 selected5 B/);
  await page.getByRole("combobox", { name: "Query" }).fill("ref:layer");
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await first.commit();
  await expect.poll(() => textOf(selectionOf(page))).toContain("1 gone");
  await selectionOf(page).getByRole("button", { name: "1 outside this query" }).click();
  await rowOf(page, "config-second").waitFor();
  await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("ref:config-second");
});

test("a row of an ingest is asked by, its ref is copied, and a dot shows all acts", async () => {
  const { url, write } = await startPageServer();
  const { page } = await visit(`${url}/ingests`);
  for (const ref of ["layer-first", "config-second"]) {
    const writer = await write("default", ref, 0);
    await writer.write(Buffer.from(ref));
    await writer.close();
  }
  await expect.poll(() => rowsOf(page).filter({ hasText: "resumable" }).count()).toBe(2);
  await rowOf(page, "layer-first").focus();
  expect(await copiedBy(page, () => page.keyboard.press("c"))).toBe("layer-first");
  await page.keyboard.press("F");
  await page.getByRole("menuitem", { name: "-ref:layer-first" }).click();
  await expect.poll(() => page.getByRole("combobox", { name: "Query" }).inputValue()).toBe("-ref:layer-first");
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await rowOf(page, "config-second").focus();
  await page.keyboard.press(".");
  expect(await violationsWithPopup(page)).toEqual([]);
  await page.getByRole("menuitem", { name: "Abort…" }).click();
  await page.getByRole("button", { name: "Abort", exact: true }).click();
  await rowOf(page, "aborted").first().waitFor();
});

test("a query is completed, marks what is wrong, and names the token that keeps all away", async () => {
  const { url, write } = await startPageServer(quickStall);
  const { page } = await visit(`${url}/ingests`);
  await using writer = await write("default", "layer", 0);
  await writer.write(Buffer.from("a"));
  await rowOf(page, "stalled").waitFor();
  const query = page.getByRole("combobox", { name: "Query" });
  await query.pressSequentially("state:s");
  await page.getByRole("option", { name: "stalled 1 ingest here" }).click();
  expect(await query.inputValue()).toBe("state:stalled ");
  await query.pressSequentially("size:>1GiB");
  await page.getByText("No ingest matches").waitFor();
  expect(await violationsWithPopup(page)).toEqual([]);
  await page.getByRole("button", { name: "Without size:>1GiB" }).click();
  await rowOf(page, "layer").waitFor();
  await expect.poll(() => query.inputValue()).toBe("state:stalled");
  await query.fill("sate:stalled");
  expect(await textOf(page.getByRole("alert").filter({ hasText: "sate" }))).toContain("did you mean state:?");
  expect(await rowsOf(page).count()).toBe(1);
});

test("the panel follows the cursor, copies a line that ctr runs, and tells how its ingest ended", async () => {
  const { url, write, shell } = await startPageServer();
  const { page } = await visit(`${url}/ingests`);
  const writer = await write("moby", "it's a $(ref)", 3);
  await writer.write(Buffer.from("ab"));
  await using other = await write("default", "other", 0);
  await other.write(Buffer.from("x"));
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await rowOf(page, "other").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => textOf(panel(page))).toContain("not declared");
  await page.keyboard.press((await rowsOf(page).first().textContent())?.includes("other") ? "j" : "k");
  await expect.poll(() => textOf(panel(page))).toContain("it's a $(ref)");
  await expect.poll(() => textOf(panel(page))).toMatch(/unix socket.*holds it since/);
  expect(await violationsWithPopup(page)).toEqual([]);
  const line = await copiedBy(page, () => panel(page).getByRole("button", { name: "Copy ctr line" }).click());
  expect((await shell(line)).stdout).toContain("it's a $(ref)");
  expect((await shell(line)).stdout).not.toContain("other");
  await expect.poll(() => new URL(page.url()).searchParams.get("peek")).toBe("moby/it's a $(ref)");
  await writer.write(Buffer.from("c"));
  await writer.commit();
  await expect.poll(() => textOf(panel(page))).toContain("committed");
  await panel(page).getByRole("link", { name: "Open blob" }).waitFor();
  await page.keyboard.press("Escape");
  await panel(page).waitFor({ state: "detached" });
});

test("a link shows the same query, order, columns and panel to who opens it", async () => {
  const { url, write } = await startPageServer();
  await using a = await write("default", "layer-a", 10);
  await a.write(Buffer.from("a"));
  await using b = await write("default", "layer-b", 10);
  await b.write(Buffer.from("bbb"));
  const { page } = await visit(`${url}/ingests?q=ref:layer`);
  await rowOf(page, "layer-a").waitFor();
  await page.getByRole("columnheader", { name: "Progress" }).getByRole("button").click();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Total" }).click();
  await page.keyboard.press("Escape");
  await rowOf(page, "layer-b").click();
  await panel(page).waitFor();
  await page.waitForURL(/peek=/);
  await page.getByRole("button", { name: "Link" }).click();
  await expect.poll(() => clipboard(page)).toContain("peek=");
  const { page: other } = await visit(await clipboard(page));
  await expect.poll(() => textOf(panel(other))).toContain("layer-b");
  expect(await other.getByRole("combobox", { name: "Query" }).inputValue()).toBe("ref:layer");
  await panel(other).getByRole("button", { name: "Close (Esc)" }).click();
  await other.getByRole("columnheader", { name: "Total" }).waitFor();
  expect(await other.getByRole("columnheader", { name: "Progress" }).getAttribute("aria-sort")).toBe("descending");
});

test("a link to an ingest that is not there says so", async () => {
  const { url } = await startPageServer();
  const { page } = await visit(`${url}/ingests?peek=default/gone`);
  await expect.poll(() => textOf(panel(page))).toContain("It is not here");
});

test.each(["light", "dark"] as const)("who may not see the ingests is told so, in the %s theme", async (theme) => {
  const plugins = tellCalls(builtinPlugins, (method) => {
    if (method.endsWith("ContentService/Status")) throw new ContentError("permission-denied", "reader may not list");
  });
  const { url } = await startPageServer(plugins);
  const { page } = await visit(`${url}/ingests`, { theme, expectsLoss: true });
  await page.getByText("You may not see the ingests").waitFor();
  expect(await textOf(page.getByRole("main"))).toContain("reader may not list");
  expect(await violationsWithPopup(page)).toEqual([]);
});

test("a narrow page has the acts below the cards, and the panel over them", async () => {
  const { url, write } = await startPageServer(quickStall);
  await using writer = await write("default", "stuck", 0);
  await writer.write(Buffer.from("a"));
  const { page } = await visit(`${url}/ingests`, { width: 375 });
  const abort = page.getByRole("button", { name: "Abort 1 stalled…" });
  await abort.waitFor();
  expect((await abort.boundingBox())?.height).toBeGreaterThanOrEqual(44);
  await rowOf(page, "stuck").tap();
  await panel(page).waitFor();
  expect((await panel(page).boundingBox())?.width).toBeCloseTo(375);
  expect(await violationsWithPopup(page)).toEqual([]);
  await panel(page).getByRole("button", { name: "Close (Esc)" }).tap();
  await abort.tap();
  await page.getByRole("button", { name: "Abort 1 ingest" }).tap();
  await expect.poll(() => textOf(eachOf(page, "stuck"))).toMatch(/aborted$/);
});

test("by keys alone, and by what a screen reader hears: places, states, and ends in one sentence each 5 s", async () => {
  const { url, write } = await startPageServer(quickStall);
  const open = await Promise.all(["one", "two"].map((ref) => write("default", ref, 1)));
  for (const [index, writer] of open.entries()) await writer.write(Buffer.from(String(index)));
  for (let index = 0; index < 9; index += 1) {
    await using left = await write("default", `left-${index}`, 10);
    await left.write(Buffer.from("abcde"));
  }
  await using stuck = await write("default", "stuck", 4);
  await stuck.write(Buffer.from("a"));
  const { page } = await visit(`${url}/content`, { expectsLoss: true });
  const said = await hear(page);
  await page.getByText("Nothing is stored here yet").waitFor();
  await pressQuickly(page, "g", "i");
  const grid = page.getByRole("grid", { name: "Ingests" });
  await expect.poll(() => grid.getAttribute("aria-rowcount")).toBe("13");
  await rowOf(page, "stuck").filter({ hasText: "stalled" }).waitFor();
  for (let tabs = 0; tabs < 40 && !(await isOnRow(page)); tabs += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Home");
  for (const _ of [1, 2, 3]) await page.keyboard.press("j");
  expect(await page.locator("[role=row]:focus").getAttribute("aria-rowindex")).toBe("5");
  await page.getByText("row 4 of 12").waitFor();
  const heard = await grid.ariaSnapshot();
  expect(heard).toMatch(/row .*stalled .*stuck/);
  expect(heard).toMatch(/row .*resumable .*left-0.*50/);
  for (let rows = 0; rows < 12 && !(await focusedText(page)).includes("stuck"); rows += 1)
    await page.keyboard.press("k");
  await page.keyboard.press("a");
  await page.getByRole("dialog", { name: "Abort stuck?" }).waitFor();
  await page.keyboard.press("Enter");
  const hasSaid = (words: RegExp) => () => said.some(({ sentence }) => words.test(sentence));
  await expect.poll(hasSaid(/1 ingest ended/)).toBe(true);
  // Both end before the next sentence may come.
  await Promise.all(open.map((writer) => writer.commit()));
  await expect.poll(hasSaid(/2 ingests ended/)).toBe(true);
  const gaps = said.slice(1).map(({ at }, index) => at - (said[index]?.at ?? 0));
  expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4900);
});

const isOnRow = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute("role") === "row");
const focusedText = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? "");

/** What the polite region of a page says, and when by the page's clock. */
async function hear(page: Page): Promise<readonly { readonly sentence: string; readonly at: number }[]> {
  const said: { readonly sentence: string; readonly at: number }[] = [];
  await page.exposeFunction("heard", (sentence: string, at: number) => {
    said.push({ sentence: sentence.replaceAll("\u00a0", " "), at });
  });
  await page.locator("output[aria-live=polite]").evaluate((region) => {
    const tell = Reflect.get(window, "heard") as (sentence: string, at: number) => void;
    new MutationObserver(() => tell(region.textContent ?? "", performance.now())).observe(region, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  });
  return said;
}
