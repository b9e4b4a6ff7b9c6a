import type { Page } from "playwright-core";
import { onTestFinished } from "vitest";

/** A script that does not come to a page. */
export interface HeldScript {
  /** The page asked for it. */
  readonly held: Promise<void>;
  /** Let it through. */
  release(): void;
}

/** Keeps the script with a text from a page, which is to load it later. @param text that no other script has */
export async function holdScript(page: Page, text: string): Promise<HeldScript> {
  const released = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  onTestFinished(async () => {
    released.resolve();
    // What is still on its way when the page goes is no error.
    await page.unrouteAll({ behavior: "ignoreErrors" });
  });
  await page.route("**/*.js", async (route) => {
    const response = await route.fetch();
    const body = await response.text();
    if (body.includes(text)) {
      held.resolve();
      await released.promise;
    }
    await route.fulfill({ response, body });
  });
  return { release: released.resolve, held: held.promise };
}
