import type { SerializedError } from "vitest";
import type { TestModule, TestRunEndReason } from "vitest/node";
import { DefaultReporter } from "vitest/node";

/**
 * What vitest prints, and then as the very last line `N passed, N failed`.
 *
 * Counted are tests; a file or suite that could not run, and an error outside of every test, is one that failed.
 */
export default class Reporter extends DefaultReporter {
  override onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: TestRunEndReason,
  ): void {
    super.onTestRunEnd(modules, errors, reason);
    this.log(closingLine(modules, errors.length));
  }
}

/** @param stray errors outside of every test */
function closingLine(modules: readonly TestModule[], stray: number): string {
  const count = (state: "passed" | "failed"): number =>
    modules.reduce((sum, { children }) => sum + [...children.allTests(state)].length, 0);
  const broken = modules.reduce((sum, module) => sum + brokenSuites(module), 0);
  return `${count("passed")} passed, ${count("failed") + broken + stray} failed`;
}

/** Suites of a file, itself among them, that failed by themselves and not by one of their tests. */
function brokenSuites(module: TestModule): number {
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return suites.length + (module.errors().length > 0 ? 1 : 0);
}
