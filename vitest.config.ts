import { defineConfig } from "vitest/config";
import { inMemory } from "./test/support/memory.ts";

/** Tests that start other programs: one file at a time, after the rest, each with time for a slow machine. */
const processes = ["test/interop/**/*.test.ts"];

/** Tests that look at the pages. */
const browser = ["test/browser/**/*.test.ts"];

export default defineConfig({
  test: {
    pool: "forks",
    reporters: ["./test/reporter.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "code",
          include: ["test/**/*.test.ts"],
          exclude: [...processes, ...browser],
          maxWorkers: 2,
          testTimeout: 20_000,
          hookTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "processes",
          include: processes,
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 180_000,
          // What a page shows is waited for as long on a busy machine as its own clients would.
          expect: { poll: { timeout: 15_000 } },
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: browser,
          // What a page shows depends on no disk.
          env: { ...inMemory() },
          maxWorkers: 2,
          testTimeout: 60_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 15_000 } },
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
