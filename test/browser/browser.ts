import { existsSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished } from "vitest";

/** Where Debian's packages put it. The shell is the same engine without windows around it, and starts and draws in less time. */
const debianPaths = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];

/** Nothing but the page's own requests leaves the browser. */
const flags = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--disable-gpu",
  "--metrics-recording-only",
  "--no-first-run",
];

/** A page that is looked at, and what went wrong on it. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Console errors, thrown errors and violations of the page's policy so far. */
  readonly problems: readonly string[];
  /** Paths of the calls that the page made so far, such as `containerd.services.content.v1.Content/Info`. */
  readonly calls: readonly string[];
}

export interface VisitOptions {
  /** Pixels; absent: 1440. */
  readonly width?: number;
  /** Absent: light. */
  readonly theme?: "light" | "dark";
  /** What the browser keeps of the page from before, by keys of its localStorage; absent: nothing. */
  readonly kept?: Readonly<Record<string, string>>;
  /** True where the test takes the server away, so that the browser reports connections that were refused. */
  readonly expectsLoss?: boolean;
}

/** A browser for the tests of a file. @returns opens an address in a context of its own, which ends with the test */
export function browserForTests(): (url: string, options?: VisitOptions) => Promise<Visit> {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser.close());
  return (url, options) => visit(browser, url, options);
}

/** @throws what to install, where there is no Chromium */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), headless: true, args: flags });
}

/** Where the browser's program is. @throws what to install, where there is none */
export function chromiumPath(): string {
  const named = process.env["CHROMIUM"];
  const path = (named === undefined ? debianPaths : [named]).find((path) => existsSync(path));
  if (path !== undefined) return path;
  const where = named ?? "Chromium";
  throw new Error(`${where} is not there: apt-get install chromium-headless-shell, or name one in CHROMIUM`);
}

/** How long what a page is to show is waited for, in milliseconds: longer than a busy machine of one core takes. */
const patienceMs = 45_000;

async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const context = await browser.newContext(contextOptions(url, options));
  context.setDefaultTimeout(patienceMs);
  onTestFinished(() => context.close());
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(url).origin });
  const page = await context.newPage();
  const problems: string[] = [];
  const calls: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    if (options.expectsLoss && message.text().startsWith("Failed to load resource")) return;
    problems.push(message.text());
  });
  page.on("request", (request) => {
    const path = new URL(request.url()).pathname.slice(1);
    if (/^[\w.]+\/\w+$/.test(path) && request.method() === "POST") calls.push(path);
  });
  onTestFinished(() => expect(problems).toEqual([]));
  await page.goto(url);
  return { page, context, problems, calls };
}

function contextOptions(
  url: string,
  { width = 1440, theme = "light", kept = {} }: VisitOptions,
): BrowserContextOptions {
  const isPhone = width < 768;
  const localStorage = Object.entries(kept).map(([name, value]) => ({ name, value }));
  return {
    storageState: { cookies: [], origins: [{ origin: new URL(url).origin, localStorage }] },
    viewport: { width, height: isPhone ? 812 : 900 },
    colorScheme: theme,
    isMobile: isPhone,
    hasTouch: isPhone,
    locale: "en-GB",
  };
}

/** Waits until a page hears what is done on it: much of it is in its HTML, and seen before its scripts run. */
export async function listens(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^Connection: Live/ }).waitFor();
  // The page itself is drawn apart from its top; what React drew says so.
  await page.waitForFunction(() =>
    [...document.querySelectorAll("h1")].every((name) => Object.keys(name).some((key) => key.startsWith("__react"))),
  );
}

/** Presses keys as a quick hand does: none waits until the page is done with the one before. */
export async function pressQuickly(page: Page, ...keys: readonly string[]): Promise<void> {
  await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

/**
 * Watches for something that is to come on a page.
 *
 * @param selector of what comes, and is not there yet
 * @returns whether the focus was in it as soon as it was there
 */
export async function watchComing(page: Page, selector: string): Promise<() => Promise<boolean>> {
  const watch = await page.evaluateHandle((selector) => {
    const came = Promise.withResolvers<boolean>();
    new MutationObserver((_, observer) => {
      const element = document.querySelector(selector);
      if (element === null) return;
      observer.disconnect();
      came.resolve(element.contains(document.activeElement));
    }).observe(document.body, { childList: true, subtree: true });
    return { hadFocus: came.promise };
  }, selector);
  return () => watch.evaluate(({ hadFocus }) => hadFocus);
}

/** What the browser has copied last. */
export function clipboard(page: Page): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

/** What an act on a page copies: a browser writes a moment after it was told to. */
export async function copiedBy(page: Page, act: () => Promise<void>): Promise<string> {
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await act();
  await expect.poll(() => clipboard(page)).not.toBe("");
  return clipboard(page);
}

/** The text of an element, with plain spaces between numbers and units. */
export async function textOf(element: Locator): Promise<string> {
  return (await element.textContent())?.replaceAll("\u00a0", " ") ?? "";
}
