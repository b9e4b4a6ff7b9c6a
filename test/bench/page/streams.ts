import type { Store } from "../../../content/store.ts";
import type { Measurement } from "../report.ts";
import { quantile } from "../report.ts";
import type { Lab, LabPage } from "./lab.ts";
import { repeated } from "./measured.ts";
import { benchNamespace, openWriters } from "./writers.ts";

/** Ingests, and how often each of them is written to in a second. */
const [ingests, perSecond] = [1000, 10];

/** How long each part looks, in milliseconds. */
const lookMs = 5000;

const ingestsPath = `/ingests?ns=${benchNamespace}`;

/** The Ingests page while a thousand of them move: as it is scrolled, as it is paused, as it is out of sight. */
export async function measureIngests(lab: Lab, socket: string): Promise<readonly Measurement[]> {
  await using writers = await openWriters(socket, ingests, perSecond);
  await using opened = await lab.open(ingestsPath);
  const { page } = opened;
  await page.locator("[role=row][data-key]").first().waitFor();
  await page.waitForFunction((count) => Number(document.querySelector("[role=grid]")?.ariaRowCount) > count, ingests);
  const still = await divided(opened, () => scroll(opened));
  writers.move();
  // The page asks for fewer values a row once it knows how many rows there are.
  await page.waitForTimeout(2000);
  writers.rate();
  const bytes = lab.line.bytes();
  const { found: scrolled, parts } = await divided(opened, () => scroll(opened));
  const note = `${Math.round(writers.rate())} writes/s reached the server of ${ingests * perSecond}; ${parts}`;
  const kilobytes = (lab.line.bytes() - bytes) / scrolled.durationMs;
  await page.keyboard.press("p");
  await page
    .getByText(/^Paused at/)
    .first()
    .waitFor();
  const paused = await busyShare(opened);
  await page.keyboard.press("p");
  await hide(opened);
  const hidden = await busyShare(opened);
  const name = `${ingests} ingests that move`;
  return [
    {
      name: `${ingests} ingests that do not move: frames while scrolling`,
      unit: "fps",
      values: [still.found.fps],
      note: still.parts,
    },
    { name: `${name}: frames while scrolling`, unit: "fps", values: [scrolled.fps], atLeast: 55, note },
    { name: `${name}: longest task while scrolling`, unit: "ms", values: [scrolled.longestTask], atMost: 50 },
    { name: `${name}: from the server`, unit: "kB/s", values: [kilobytes], atMost: 250 },
    { name: `${name}: a paused page computes`, unit: "%", values: [paused], atMost: 1, note: "without slow-down" },
    { name: `${name}: a hidden page computes`, unit: "%", values: [hidden], atMost: 1, note: "without slow-down" },
  ];
}

interface Scrolled {
  readonly fps: number;
  readonly longestTask: number;
  readonly durationMs: number;
}

/** Processor time of the page's thread so far, in seconds: what other processes take meanwhile is not counted. */
async function threadTimes({ cdp }: LabPage): Promise<Readonly<Record<string, number>>> {
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const { metrics } = await cdp.send("Performance.getMetrics");
  return Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
}

/** What was found, and on what the page's thread spent its processor time meanwhile. */
async function divided<Found>(opened: LabPage, run: () => Promise<Found>): Promise<{ found: Found; parts: string }> {
  const before = await threadTimes(opened);
  const begun = performance.now();
  const found = await run();
  const seconds = (performance.now() - begun) / 1000;
  const after = await threadTimes(opened);
  const share = (...names: readonly string[]) =>
    Math.round(names.reduce((sum, name) => sum + (after[name] ?? 0) - (before[name] ?? 0), 0) * (100 / seconds));
  const layout = share("LayoutDuration", "RecalcStyleDuration");
  const parts = `of its thread ${share("TaskDuration")} %: scripts ${share("ScriptDuration")} %, layout ${layout} %`;
  return { found, parts };
}

/** Up and down through the rows for a while. */
function scroll({ page }: LabPage): Promise<Scrolled> {
  return page.evaluate(async (durationMs) => {
    const grid = document.querySelector("[role=grid]");
    const scrolled = [grid, ...(grid?.querySelectorAll("*") ?? []), grid?.parentElement ?? null].find(
      (each) => each && each.scrollHeight > each.clientHeight + 1000,
    );
    window.probe.longestTask = 0;
    const begun = performance.now();
    let frames = 0;
    await new Promise<void>((resolve) => {
      const frame = (now: number) => {
        if (now - begun > durationMs) return resolve();
        frames += 1;
        scrolled?.scrollBy(0, frames % 400 < 200 ? 40 : -40);
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
    });
    const took = performance.now() - begun;
    return { fps: (frames * 1000) / took, longestTask: window.probe.longestTask, durationMs: took };
  }, lookMs);
}

/** What the page's thread computes meanwhile, in per cent of the time. */
async function busyShare(opened: LabPage): Promise<number> {
  const { page, cdp } = opened;
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  const taskSeconds = async () => (await threadTimes(opened))["TaskDuration"] ?? Number.NaN;
  // What was under way, and what a page out of sight still holds for two seconds, comes to its end.
  await page.waitForTimeout(3000);
  const before = await taskSeconds();
  await page.waitForTimeout(lookMs);
  return ((await taskSeconds()) - before) * (100_000 / lookMs);
}

/** A browser without a screen never hides a page: its signs of it are set instead. */
async function hide({ page }: LabPage): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
}

/** From the beginning of an ingest to the frame that shows its row. Both ends are on this machine's clock. */
export async function measureEvents(lab: Lab, store: Store, runs: number): Promise<readonly Measurement[]> {
  await using opened = await lab.open(ingestsPath);
  const { page } = opened;
  await page.getByText("Live", { exact: true }).waitFor();
  const values = await repeated(runs, async (index) => {
    const ref = `bench-event-${index}`;
    const seen = page.evaluate(async (wanted) => {
      await window.probe.until(() => document.querySelector(`[role=row][data-key$=" ${wanted}"]`) !== null);
      return Date.now();
    }, ref);
    const begun = Date.now();
    const writer = await store.writer({ ref });
    const value = (await seen) - begun;
    await writer.close();
    await store.abort(ref);
    return value;
  });
  const p95 = quantile(values, 0.95);
  return [{ name: "event to pixel, p95", unit: "ms", values: [p95], atMost: 300, note: `of ${runs}` }];
}

/** Pages that are live at the same time in one browser, which has six connections to a server of HTTP/1.1. */
export async function measureTabs(lab: Lab): Promise<readonly Measurement[]> {
  const tabs = 8;
  await using first = await lab.open("/content", { slowdown: 1 });
  const { context } = first;
  const opened = [first];
  while (opened.length < tabs) opened.push(await lab.open("/content", { slowdown: 1, context }));
  const live = await Promise.all(
    opened.map(({ page }) =>
      page
        .getByText("Live", { exact: true })
        .waitFor({ timeout: 20_000 })
        .then(
          () => 1,
          () => 0,
        ),
    ),
  );
  const values = [live.reduce<number>((sum, each) => sum + each, 0)];
  return [{ name: `of ${tabs} tabs at once on HTTP/1.1, live`, unit: "tabs", values, atLeast: tabs }];
}
