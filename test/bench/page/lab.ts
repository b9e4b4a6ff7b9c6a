import type { Browser, BrowserContext, CDPSession, Page } from "playwright-core";
import { launchBrowser } from "../../browser/browser.ts";
import { BenchError } from "../bench-error.ts";
import type { Line } from "./line.ts";
import { openLine } from "./line.ts";

/** A browser as slow as that of a busy laptop, on a line to a server. */
export interface Lab extends AsyncDisposable {
  readonly line: Line;
  /** A page in a browser profile of its own, with nothing in its caches. @throws BenchError where the page does not answer */
  open(path: string, options?: OpenOptions): Promise<LabPage>;
}

export interface OpenOptions {
  /** Pixels of the screen for one of the page; absent: 1. */
  readonly scale?: number;
  /** How many times slower the page computes; absent: 4. */
  readonly slowdown?: number;
  /** A profile that other pages have too; absent: one of its own. */
  readonly context?: BrowserContext;
}

/** A page that is measured. Disposing of it closes its profile, unless it was given one. */
export interface LabPage extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly cdp: CDPSession;
}

/** A page may take so long for anything, in milliseconds. */
const patienceMs = 40_000;

/** @param url of the server */
export async function openLab(url: string): Promise<Lab> {
  const browser = await launchBrowser();
  const line = await openLine(url);
  return {
    line,
    open: (path, options) => openPage(browser, line.url + path, options),
    async [Symbol.asyncDispose]() {
      await browser.close();
      await line[Symbol.asyncDispose]();
    },
  };
}

async function openPage(browser: Browser, url: string, options: OpenOptions = {}): Promise<LabPage> {
  const { scale = 1, slowdown = 4 } = options;
  const viewport = { width: 1440, height: 900 };
  const context =
    options.context ?? (await browser.newContext({ viewport, deviceScaleFactor: scale, locale: "en-GB" }));
  const page = await context.newPage();
  page.setDefaultTimeout(patienceMs);
  const cdp = await context.newCDPSession(page);
  await cdp.send("Emulation.setCPUThrottlingRate", { rate: slowdown });
  await page.addInitScript(installProbe);
  const answer = await page.goto(url, { waitUntil: "commit" });
  if (answer?.status() !== 200) throw new BenchError(`${url} is not served: build the pages first, npm start does`);
  return {
    page,
    context,
    cdp,
    async [Symbol.asyncDispose]() {
      await (options.context === undefined ? context.close() : page.close());
    },
  };
}

/** What the page notes about itself from its first moment on; times are milliseconds since its navigation. */
export interface Probe {
  lcp: number;
  cls: number;
  /** The slowest answer to an input. */
  inp: number;
  /** When the first row of a list was there. */
  firstRow: number;
  longestTask: number;
  /** Waits for a condition, 30 s at most, looking at it with each frame. @returns when the frame after it was drawn */
  until(condition: () => boolean): Promise<number>;
  /** From the next input of a type on until conditions hold, one after another. @returns milliseconds of each */
  after(type: "keydown" | "input", ...conditions: readonly (() => boolean)[]): Promise<readonly number[]>;
  /** What a page was told to measure before the input that it measures. */
  pending?: Promise<readonly number[]>;
}

declare global {
  interface Window {
    probe: Probe;
  }
}

/** The last two figures of Chromium's entries, which TypeScript does not know. */
interface VitalEntry extends PerformanceEntry {
  readonly value?: number;
  readonly hadRecentInput?: boolean;
  readonly interactionId?: number;
}

function installProbe(): void {
  const probe: Probe = { lcp: 0, cls: 0, inp: 0, firstRow: 0, longestTask: 0, until, after };
  window.probe = probe;

  function until(condition: () => boolean): Promise<number> {
    const begun = performance.now();
    return new Promise((resolve, reject) => {
      const look = () => {
        if (condition()) requestAnimationFrame(() => resolve(performance.now()));
        else if (performance.now() - begun > 30_000) reject(new Error(`for 30 s not so: ${condition}`));
        else requestAnimationFrame(look);
      };
      look();
    });
  }

  async function after(
    type: "keydown" | "input",
    ...conditions: readonly (() => boolean)[]
  ): Promise<readonly number[]> {
    const begun = await new Promise<number>((resolve) => {
      document.addEventListener(type, ({ timeStamp }) => resolve(timeStamp), { once: true, capture: true });
    });
    const times: number[] = [];
    for (const condition of conditions) times.push((await until(condition)) - begun);
    return times;
  }

  function observe(type: string, note: (entry: VitalEntry) => void): void {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) note(entry);
    });
    observer.observe({ type, buffered: true, ...(type === "event" && { durationThreshold: 16 }) });
  }

  observe("largest-contentful-paint", ({ startTime }) => {
    probe.lcp = startTime;
  });
  observe("layout-shift", ({ value = 0, hadRecentInput = false }) => {
    if (!hadRecentInput) probe.cls += value;
  });
  observe("event", ({ duration, interactionId = 0 }) => {
    if (interactionId > 0) probe.inp = Math.max(probe.inp, duration);
  });
  observe("longtask", ({ duration }) => {
    probe.longestTask = Math.max(probe.longestTask, duration);
  });
  void until(() => document.querySelector("[role=row][data-key]") !== null).then(
    (at) => {
      probe.firstRow = at;
    },
    // A page without rows has no first one.
    () => undefined,
  );
}
