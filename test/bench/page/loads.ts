import type { Page } from "playwright-core";
import { weighPage, weightBudgets } from "../../support/page-weight.ts";
import type { Measurement } from "../report.ts";
import type { Lab } from "./lab.ts";
import { repeated } from "./measured.ts";

/** What each page needs before its first rows. */
export async function measureSizes(): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const [path, atMost] of Object.entries(weightBudgets.scripts)) {
    const { scripts, styles, fonts } = await weighPage(path);
    const unit = "kB";
    measurements.push(
      { name: `scripts of ${path}, gz`, unit, values: [scripts], atMost },
      { name: `styles of ${path}, gz`, unit, values: [styles], atMost: weightBudgets.styles },
      { name: `fonts of ${path}`, unit, values: [fonts], atMost: weightBudgets.fonts },
    );
  }
  return measurements;
}

async function isReady(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
}

/** How long a person waits for a page: with nothing in the caches, and from another page. */
export async function measureLoads(lab: Lab, runs: number): Promise<readonly Measurement[]> {
  const loads = await repeated(runs, async () => {
    await using opened = await lab.open("/content");
    await opened.page.waitForFunction(() => window.probe.firstRow > 0);
    // Shifts and later paints come while the page settles.
    await opened.page.getByText("Live", { exact: true }).waitFor();
    const { lcp, cls, firstRow } = await opened.page.evaluate(() => window.probe);
    return { lcp, cls, firstRow };
  });
  const changes = await repeated(runs, async () => {
    await using opened = await lab.open("/ingests");
    await isReady(opened.page);
    return await opened.page.evaluate(async () => {
      const begun = performance.now();
      document.querySelector<HTMLElement>('nav a[href^="/content"]:not([aria-label="Stowage"])')?.click();
      return (await window.probe.until(() => document.querySelector("[role=row][data-key]") !== null)) - begun;
    });
  });
  const share = 0.75;
  return [
    { name: "largest paint of /content", unit: "ms", values: loads.map(({ lcp }) => lcp), atMost: 1200, share },
    { name: "layout shift of /content", unit: "", values: loads.map(({ cls }) => cls), atMost: 0.02, share },
    {
      name: "navigation to first row, cold",
      unit: "ms",
      values: loads.map(({ firstRow }) => firstRow),
      atMost: 1500,
      share,
    },
    { name: "change of page to first row", unit: "ms", values: changes, atMost: 300, share },
  ];
}
