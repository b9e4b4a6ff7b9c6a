import type { Locator, Page } from "playwright-core";

/** A browser to which an ingest is `active` for 29 s after its last byte: a busy machine may leave it alone for long. */
export const lenient = { kept: { "stowage-thresholds": JSON.stringify({ waitingMs: 29_000 }) } } as const;

/** Rows of ingests on their page. */
export const rowsOf = (page: Page): Locator => page.locator("[role=row][data-key]");

/** Rows that have the text. */
export const rowOf = (page: Page, text: string): Locator => rowsOf(page).filter({ hasText: text });

/** What is selected, and what can be done with it. */
export const selectionOf = (page: Page): Locator => page.getByRole("region", { name: "Selection" });

/** A line of the dialog about several ingests: that of the one with the ref. */
export const eachOf = (page: Page, ref: string): Locator =>
  page.getByRole("dialog").getByRole("list", { name: "Each" }).getByRole("listitem").filter({ hasText: ref });
