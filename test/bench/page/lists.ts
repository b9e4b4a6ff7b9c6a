import type { Page } from "playwright-core";
import type { Measurement } from "../report.ts";
import type { Lab, LabPage } from "./lab.ts";
import { repeated } from "./measured.ts";

const share = 0.75;

/** From a click on the head of a column to rows in that order. */
export async function measureSort(lab: Lab, runs: number): Promise<readonly Measurement[]> {
  await using opened = await lab.open("/content");
  await hasTotal(opened.page);
  const values = await repeated(runs, () => sortBySize(opened.page));
  return [{ name: "sort by size to rows", unit: "ms", values, atMost: 300, share }];
}

/** From Enter after a row's number to that row; and the slowest answer to a key of these. */
export async function measureJump(lab: Lab, runs: number): Promise<readonly Measurement[]> {
  await using opened = await lab.open("/content");
  const values = await repeated(runs, (run) => jumpTo(opened.page, 0.9 + run / 1000));
  const { inp } = await opened.page.evaluate(() => window.probe);
  return [
    { name: "jump to row 90 % to the row", unit: "ms", values, atMost: 250, share },
    { name: "slowest answer to a key of these", unit: "ms", values: [inp], atMost: 100 },
  ];
}

/** Rows of the grid without its head; the whole set is counted then. */
async function hasTotal(page: Page): Promise<number> {
  await page.locator("[role=grid]:not([aria-rowcount='-1'])").waitFor();
  return Number(await page.locator("[role=grid]").getAttribute("aria-rowcount")) - 1;
}

/** Sorts the other way round each time. */
function sortBySize(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const head = [...document.querySelectorAll("[role=columnheader]")].find((each) =>
      each.textContent?.includes("Size"),
    );
    const firstKey = () => document.querySelector("[role=row][aria-rowindex='2']")?.getAttribute("data-key");
    const before = firstKey();
    const begun = performance.now();
    (head?.querySelector("button") ?? (head as HTMLElement)).click();
    return (await window.probe.until(() => (firstKey() ?? before) !== before)) - begun;
  });
}

async function jumpTo(page: Page, place: number): Promise<number> {
  const row = Math.floor((await hasTotal(page)) * place);
  await page.locator("[role=row][data-key]").first().focus();
  await page.keyboard.press(":");
  await page.keyboard.type(String(row));
  await page.evaluate((index) => {
    window.probe.pending = window.probe.after("keydown", () => {
      const key = document.querySelector(`[role=row][aria-rowindex="${index}"]`)?.getAttribute("data-key") ?? "";
      return key.includes("sha");
    });
  }, row + 1);
  await page.keyboard.press("Enter");
  const [value = Number.NaN] = await pending(page);
  return value;
}

/** What a page measured that was told to before its input: an input can overtake what a page is told beside it. */
async function pending(page: Page): Promise<readonly number[]> {
  return (await page.evaluate(() => window.probe.pending)) ?? [];
}

/** From Enter after a pattern over the digests and labels of all blobs to the first ones that fit, and to their number. */
export async function measurePattern(lab: Lab): Promise<readonly Measurement[]> {
  await using opened = await lab.open("/content");
  const { page } = opened;
  await hasTotal(page);
  const query = page.getByRole("combobox", { name: "Query" });
  await query.fill("/^sha256:9f2/");
  await page.evaluate(() => {
    const firstKey = () => document.querySelector("[role=row][data-key]")?.getAttribute("data-key") ?? "";
    const count = () => Number(document.querySelector("[role=grid]")?.getAttribute("aria-rowcount"));
    const before = count();
    window.probe.pending = window.probe.after(
      "keydown",
      () => firstKey().includes("sha256:9f2"),
      () => count() > 0 && count() < before,
    );
  });
  await query.press("Enter");
  const [first = Number.NaN, all = Number.NaN] = await pending(page);
  return [
    { name: "pattern over all blobs to first rows", unit: "ms", values: [first], atMost: 500 },
    { name: "pattern over all blobs to all of them", unit: "ms", values: [all], atMost: 2000 },
  ];
}

/** A digest that is pasted into Find, to the line that is its blob. */
export async function measureFind(lab: Lab, runs: number): Promise<readonly Measurement[]> {
  await using opened: LabPage = await lab.open("/content");
  const { page } = opened;
  const key = await page.locator("[role=row][data-key]").first().getAttribute("data-key");
  const digest = key?.split(" ").at(-1) ?? "";
  await page.keyboard.press("Control+k");
  const input = page.getByRole("combobox", { name: "Find" });
  const values = await repeated(runs, async () => {
    await input.fill("");
    await page.getByRole("option").first().waitFor();
    await page.evaluate(() => {
      const isThere = () => document.querySelector("[role=option][href^='/blob']") !== null;
      window.probe.pending = window.probe.after("input", isThere);
    });
    await page.keyboard.insertText(digest);
    const [value = Number.NaN] = await pending(page);
    return value;
  });
  return [{ name: "pasted digest to its line in Find", unit: "ms", values, atMost: 100, share }];
}

/** The last row at one and two pixels of the screen for one of the page; then the memory after a way through all rows. */
export async function measureReach(lab: Lab): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const scale of [1, 2]) {
    await using opened = await lab.open("/content", { scale, slowdown: 1 });
    const rows = await hasTotal(opened.page);
    await opened.page.locator("[role=row][data-key]").first().focus();
    await opened.page.keyboard.press("End");
    const last = opened.page.locator(`[role=row][data-key][aria-rowindex="${rows + 1}"]`);
    const isThere = await last.waitFor({ timeout: 20_000 }).then(
      () => true,
      () => false,
    );
    const values = [isThere ? rows - 1 : 0];
    measurements.push({
      name: `last row reached at ${scale}x pixels`,
      unit: "row",
      values,
      atLeast: Math.min(rows - 1, 999_999),
    });
    if (scale === 1) measurements.push(...(await measureMemory(opened)));
  }
  return measurements;
}

/** Looks at so many places on the way through all rows. */
const places = 100;

async function measureMemory({ page, cdp }: LabPage): Promise<readonly Measurement[]> {
  let nodes = 0;
  for (let place = 0; place <= places; place += 1) {
    await page.evaluate(async (part) => {
      const grid = document.querySelector("[role=grid]");
      const scrolled = [grid, ...(grid?.querySelectorAll("*") ?? []), grid?.parentElement ?? null].find(
        (each) => each && each.scrollHeight > each.clientHeight + 1000,
      );
      if (scrolled) scrolled.scrollTop = part * scrolled.scrollHeight;
      await window.probe.until(() => document.querySelector("[role=row][data-key*=sha]") !== null);
    }, place / places);
    nodes = Math.max(nodes, await page.evaluate(() => document.querySelectorAll("*").length));
  }
  await cdp.send("HeapProfiler.collectGarbage");
  const { usedSize } = await cdp.send("Runtime.getHeapUsage");
  return [
    { name: "heap after all rows were scrolled through", unit: "MiB", values: [usedSize / 1024 ** 2], atMost: 80 },
    { name: "elements of the page while it scrolls", unit: "", values: [nodes], atMost: 2500 },
  ];
}
