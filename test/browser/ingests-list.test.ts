import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { ContentError } from "../../content/errors.ts";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import { browserForTests, clipboard, textOf } from "./browser.ts";
import { tellCalls } from "./counted-calls.ts";
import { quickStall } from "./quick-stall.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const mebibyte = Buffer.alloc(1 << 20, "stowage");
const rowsOf = (page: Page) => page.locator("[role=row][data-key]");
const rowOf = (page: Page, ref: string) => rowsOf(page).filter({ hasText: ref });
const bar = (page: Page) => page.getByRole("region", { name: "Selection" });
const panel = (page: Page) => page.getByRole("complementary", { name: "Ingest" });
const eachOf = (page: Page, ref: string) =>
  page.getByRole("dialog").getByRole("list", { name: "Each" }).getByRole("listitem").filter({ hasText: ref });

/** What axe finds on a page, in words; a popup hangs on the body, beside the landmarks. */
async function violations(page: Page): Promise<readonly string[]> {
  const builder = new AxeBuilder({ page }).exclude("[data-base-ui-focus-guard]").disableRules(["region"]);
  const found = await builder.analyze();
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("\n")}`);
}

test("a stalled ingest is aborted by two keys, leaves by the server's word, and its ref can be taken again", async () => {
  const { url, write } = await startPageServer(quickStall);
  const { page } = await visit(`${url}/ingests`);
  const writer = await write("default", "stuck", 4 * mebibyte.length);
  await writer.write(mebibyte);
  await expect.poll(() => textOf(rowOf(page, "stuck"))).toContain("stalled");
  await page.getByRole("link", { name: "Ingests, 1 in trouble" }).waitFor();
  await rowOf(page, "stuck").focus();
  await page.keyboard.press("a");
  await expect.poll(() => textOf(page.getByRole("dialog"))).toMatch(/Discards 1.00 MiB.*Its writer \(.*unix socket\)/);
  await page.keyboard.press("Enter");
  await expect.poll(() => textOf(rowOf(page, "stuck"))).toContain("aborted");
  await page.getByRole("link", { name: "Ingests", exact: true }).waitFor();
  await expect.poll(() => textOf(rowOf(page, "stuck"))).toMatch(/discarded 1.00 MiB.*by you/);
  await expect.poll(() => page.getByText("Ended", { exact: false }).count()).toBe(1);
  await using again = await write("default", "stuck", 3);
  await again.write(Buffer.from("abc"));
  await again.commit();
});

test("all stalled ingests are aborted at once, and one that is committed meanwhile is no error", async () => {
  const { url, write } = await startPageServer(quickStall);
  const { page } = await visit(`${url}/ingests`, { expectsLoss: true });
  const stuck = await write("default", "stuck", 4 * mebibyte.length);
  await stuck.write(mebibyte);
  const late = await write("moby", "late", 3);
  await late.write(Buffer.from("ab"));
  await page.getByRole("button", { name: "Abort 2 stalled…" }).click();
  const dialog = page.getByRole("dialog");
  await expect.poll(() => textOf(eachOf(page, "stuck"))).toMatch(/1.00 MiB.*unix socket/);
  expect(await textOf(eachOf(page, "late"))).toContain("2 B");
  expect(await textOf(dialog)).toContain("2 writers");
  expect(await violations(page)).toEqual([]);
  await late.write(Buffer.from("c"));
  await late.commit();
  await rowsOf(page).filter({ hasText: "late" }).filter({ hasText: "committed" }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.getByText("1 of 2 ingests aborted, 1 had ended or move again").waitFor();
  await expect.poll(() => textOf(eachOf(page, "stuck"))).toMatch(/aborted$/);
  await expect.poll(() => textOf(eachOf(page, "late"))).toContain("committed meanwhile");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  expect(await bar(page).count()).toBe(0);
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
});

test("a stalled ingest that moves again while it is asked about is left alone", async () => {
  const { url, write } = await startPageServer(quickStall);
  const { page } = await visit(`${url}/ingests`);
  await using writer = await write("default", "slow", 0);
  await writer.write(Buffer.from("ab"));
  await page.getByRole("button", { name: "Abort 1 stalled…" }).click();
  await expect.poll(() => textOf(eachOf(page, "slow"))).toContain("2 B");
  await writer.write(Buffer.from("c"));
  await page.keyboard.press("Enter");
  await expect.poll(() => textOf(eachOf(page, "slow"))).toContain("moves again, left alone");
  await writer.write(Buffer.from("d"));
});

test("what an abort may not do is told a line each, and stays selected", async () => {
  const plugins = tellCalls(quickStall, (method) => {
    if (method.endsWith("Content/Abort")) throw new ContentError("permission-denied", "reader may not abort");
  });
  const { url, write } = await startPageServer(plugins);
  const { page } = await visit(`${url}/ingests`, { expectsLoss: true });
  await using a = await write("default", "first", 0);
  await a.write(Buffer.from("a"));
  await using b = await write("default", "second", 0);
  await b.write(Buffer.from("b"));
  await rowOf(page, "first").focus();
  await page.keyboard.press("Control+a");
  await expect.poll(() => textOf(bar(page))).toContain("2 selected");
  await page.keyboard.press("a");
  await page.getByRole("button", { name: "Abort 2 ingests" }).click();
  await expect.poll(() => textOf(page.getByRole("dialog"))).toContain("0 of 2 ingests aborted, 2 failed");
  await expect.poll(() => textOf(eachOf(page, "first"))).toContain("permission denied: reader may not abort");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await expect.poll(() => textOf(bar(page))).toContain("2 selected");
});

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
  await expect.poll(() => textOf(bar(page))).toMatch(/2 selected5 B/);
  await page.getByRole("combobox", { name: "Query" }).fill("ref:layer");
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await first.commit();
  await expect.poll(() => textOf(bar(page))).toContain("1 gone");
  await bar(page).getByRole("button", { name: "1 outside this query" }).click();
  await rowOf(page, "config-second").waitFor();
  expect(new URL(page.url()).searchParams.get("q")).toBe("ref:config-second");
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
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Without size:>1GiB" }).click();
  await rowOf(page, "layer").waitFor();
  expect(await query.inputValue()).toBe("state:stalled");
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
  expect(await textOf(panel(page))).toMatch(/unix socket.*holds it since/);
  expect(await violations(page)).toEqual([]);
  await panel(page).getByRole("button", { name: "Copy ctr line" }).click();
  const line = await clipboard(page);
  expect((await shell(line)).stdout).toContain("it's a $(ref)");
  expect((await shell(line)).stdout).not.toContain("other");
  expect(new URL(page.url()).searchParams.get("peek")).toBe("moby/it's a $(ref)");
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
  expect(await violations(page)).toEqual([]);
});

test("an abort that is not allowed says why, and the row is as it was", async () => {
  const plugins = tellCalls(builtinPlugins, (method) => {
    if (method.endsWith("Content/Abort")) throw new ContentError("permission-denied", "reader may not abort");
  });
  const { url, write } = await startPageServer(plugins);
  const { page } = await visit(`${url}/ingests`, { expectsLoss: true });
  await using writer = await write("default", "kept", 0);
  await writer.write(Buffer.from("a"));
  await rowOf(page, "kept").focus();
  await page.keyboard.press("a");
  await page.getByRole("dialog").getByRole("button", { name: "Abort" }).click();
  await expect.poll(() => textOf(page.getByRole("alert").filter({ hasText: "denied" }))).toContain("reader may not");
  await page.keyboard.press("Escape");
  expect(await textOf(rowOf(page, "kept"))).toContain("active");
});

test("an abort on a page that holds still looks again first, and spares another ingest under the ref", async () => {
  const { url, write } = await startPageServer();
  const { page } = await visit(`${url}/ingests`);
  const writer = await write("default", "reused", 3);
  await writer.write(Buffer.from("abc"));
  await rowOf(page, "reused").focus();
  await page.keyboard.press("p");
  await page.getByText("Paused at").waitFor();
  await writer.commit();
  await using another = await write("default", "reused", 0);
  await another.write(Buffer.from("other"));
  await page.keyboard.press("a");
  await expect.poll(() => textOf(page.getByRole("dialog"))).toContain("it is looked at again first");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await another.write(Buffer.from("!"));
  await page.getByRole("main").getByRole("button", { name: "Resume" }).first().click();
  await expect.poll(() => textOf(rowOf(page, "6 B"))).toContain("active");
});

test("the number is typed where more than a hundred are to end, and a thousand are drawn as few rows", async () => {
  const { url, write } = await startPageServer();
  const refs = Array.from({ length: 1000 }, (_, index) => `ref-${String(index).padStart(4, "0")}`);
  for (let first = 0; first < refs.length; first += 20) {
    await Promise.all(
      refs.slice(first, first + 20).map(async (ref) => {
        await using writer = await write("default", ref, 10);
        await writer.write(Buffer.from("a"));
      }),
    );
  }
  const { page } = await visit(`${url}/ingests?sort=ref`);
  await page.getByText("1,000 ingests", { exact: true }).first().waitFor();
  expect(await rowsOf(page).count()).toBeLessThan(60);
  await rowsOf(page).first().focus();
  await page.keyboard.press("End");
  await expect.poll(() => textOf(page.locator("[role=row]:focus"))).toContain("ref-0999");
  await page.getByRole("combobox", { name: "Query" }).fill("ref:/^ref-00/ ref:/^ref-010[0-4]/");
  await page.getByText("105 of 1,000 ingests").first().waitFor();
  await rowsOf(page).first().focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("a");
  const act = page.getByRole("button", { name: "Abort 105 ingests" });
  await act.waitFor();
  expect(await act.isDisabled()).toBe(true);
  await page.getByRole("dialog").getByRole("textbox").fill("105");
  await page.keyboard.press("Enter");
  await page.getByText("105 of 105 ingests aborted").waitFor({ timeout: 30_000 });
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await expect.poll(() => textOf(page.getByRole("main"))).toContain("0 of 895 ingests");
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
  expect(await violations(page)).toEqual([]);
  await panel(page).getByRole("button", { name: "Close (Esc)" }).tap();
  await abort.tap();
  await page.getByRole("button", { name: "Abort 1 ingest" }).tap();
  await expect.poll(() => textOf(eachOf(page, "stuck"))).toMatch(/aborted$/);
});

test("by keys alone, and by what a screen reader hears: places, states, and ends in one sentence each 5 s", async () => {
  const { url, write } = await startPageServer(quickStall);
  const open = await Promise.all(["one", "two"].map((ref) => write("default", ref, 1)));
  for (let index = 0; index < 9; index += 1) {
    await using left = await write("default", `left-${index}`, 10);
    await left.write(Buffer.from("abcde"));
  }
  await using stuck = await write("default", "stuck", 4);
  await stuck.write(Buffer.from("a"));
  const { page } = await visit(`${url}/content`, { expectsLoss: true });
  const said = await hear(page);
  await page.getByText("Nothing is stored here yet").waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("i");
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
  await expect.poll(() => said.at(-1)?.sentence).toMatch(/1 ingest ended/);
  for (const [index, writer] of open.entries()) {
    await writer.write(Buffer.from(String(index)));
    await writer.commit();
  }
  await expect.poll(() => said.at(-1)?.sentence).toMatch(/2 ingests ended/);
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
