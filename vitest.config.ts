import { defineConfig } from "vitest/config";
import { Sequencer } from "./test/sequencer.ts";
import { keepsCompiled } from "./test/support/compiled.ts";
import { inMemory } from "./test/support/memory.ts";
import { patience } from "./test/support/patience.ts";

/** Tests that start other programs, each with time for a slow machine. */
const processes = ["test/interop/**/*.test.ts"];

/** Tests that look at the pages. */
const browser = ["test/browser/**/*.test.ts"];

/** Tests of the dashboard's modules. */
const app = ["test/app/**/*.test.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    reporters: ["./test/reporter.ts"],
    // What a test leaves behind, it takes away itself: files share a process, and what it has loaded.
    isolate: false,
    // The kernel keeps what a killed process wrote, on a disk or in memory; nothing here is about more than that.
    env: { ...keepsCompiled, ...inMemory() },
    // One more than a small machine has cores: much of a test is waiting.
    maxWorkers: 3,
    sequence: { sequencer: Sequencer },
    projects: [
      {
        extends: true,
        test: {
          name: "code",
          include: ["test/**/*.test.ts"],
          exclude: [...processes, ...browser, ...app],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: patience },
        },
      },
      {
        extends: true,
        test: {
          name: "app",
          include: app,
          // A page keeps state in its modules, so each file has modules of its own.
          isolate: true,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: patience },
        },
      },
      {
        extends: true,
        test: {
          name: "processes",
          include: processes,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: patience },
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: browser,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: patience },
        },
      },
    ],
  },
});
