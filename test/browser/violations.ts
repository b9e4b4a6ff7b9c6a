import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** Base UI's ends of a popup: they can be focused and are hidden, because they hand the focus on at once. */
const focusGuard = "[data-base-ui-focus-guard]";

/**
 * What axe finds on a page against WCAG, in words.
 *
 * @param disabled rules that do not count; absent: each counts
 */
export async function violations(page: Page, disabled: readonly string[] = []): Promise<readonly string[]> {
  await settled(page);
  const { violations } = await new AxeBuilder({ page })
    .exclude(focusGuard)
    // What passes need not be told.
    .options({ resultTypes: ["violations"] })
    .disableRules([...disabled])
    // Our pages have no frames, so their results need no other page to be put together in.
    .setLegacyMode()
    .analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("\n")}`);
}

/** The same where a popup is open, which hangs on the body, beside the landmarks. */
export function violationsWithPopup(page: Page): Promise<readonly string[]> {
  return violations(page, ["region"]);
}

/** What fades in is there: colours on their way are not those of the page. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ends = document.getAnimations().filter(({ effect }) => Number.isFinite(effect?.getComputedTiming().endTime));
    await Promise.allSettled(ends.map(({ finished }) => finished));
  });
}
