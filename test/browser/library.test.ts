import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { noise } from "../suite/support.ts";
import { openTestServer } from "../support/stowage.ts";
import { launchBrowser } from "./browser.ts";
import type { Tried } from "./library/client.ts";
import { showLibrary } from "./library/modules.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

type Try = { tryLibrary(bytes: readonly number[]): Promise<Tried> };

test("the library writes, resumes, reads and verifies in a page that may run nothing but its own scripts", async () => {
  const { url } = await openTestServer();
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  const problems: string[] = [];
  page.on("console", (message) => problems.push(message.text()));
  page.on("pageerror", (error) => problems.push(error.message));
  await showLibrary(page, url, "test/browser/library/client.ts");
  // Some hundred modules, each of which is asked for by itself.
  await page.waitForFunction(() => "tryLibrary" in globalThis, undefined, { timeout: 100_000 });
  const data = [...noise(200_000)];
  expect(await page.evaluate((bytes) => (globalThis as unknown as Try).tryLibrary(bytes), data)).toEqual({
    offsets: [50_000, 200_000],
    read: 200_000,
    fetched: 50_000,
    size: 200_000,
    wrong: expect.stringMatching(
      /^ContentError: content sha256:0\w+: got 200000 bytes of sha256:\w+, want 200000 bytes$/,
    ),
  });
  expect(problems).toEqual([]);
}, 180_000);
