import { expect, test } from "vitest";
import { pagePaths, weighPage, weightBudgets } from "../support/page-weight.ts";

test.each(pagePaths)("%s needs few scripts and styles, and the two typefaces, before its first rows", async (path) => {
  const { scripts, styles, fonts } = await weighPage(path);
  expect(scripts).toBeGreaterThan(100);
  expect(scripts).toBeLessThanOrEqual(weightBudgets.scripts[path]);
  expect(styles).toBeGreaterThan(1);
  expect(styles).toBeLessThanOrEqual(weightBudgets.styles);
  expect(fonts).toBeGreaterThan(10);
  expect(fonts).toBeLessThanOrEqual(weightBudgets.fonts);
});
