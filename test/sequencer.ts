import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

/** Projects in the order in which their files begin: those whose files take longest come first. */
const projects = ["processes", "browser", "app", "code"];

/** Files that take longer than all others, the longest first. */
const longest = [
  "test/interop/crash.test.ts",
  "test/interop/large.test.ts",
  "test/interop/registry.test.ts",
  "test/interop/collection-large.test.ts",
  "test/bench/main.test.ts",
  "test/server/services/resume.test.ts",
];

/** Puts long files before short ones, so that at the end no worker waits long for another. */
export class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

/** Its place among projects, and that in the project's list. */
function rankOf({ project, moduleId }: TestSpecification): number {
  const place = longest.findIndex((file) => moduleId.endsWith(file));
  return projects.indexOf(project.name) * (longest.length + 1) + (place === -1 ? longest.length : place);
}
