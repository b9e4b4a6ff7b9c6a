import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { finishPages } from "./pages.mjs";
import { programs, root } from "./paths.mjs";
import { run } from "./run.mjs";
import { say } from "./say.mjs";
import { SetupError } from "./setup-error.mjs";
import { runStep } from "./stamp.mjs";

/** All that the pages are made from. What the build itself writes (next-env.d.ts) is not among it. */
const inputs = [
  "app",
  "content",
  "gen",
  "public",
  "scripts/hash-worker.mjs",
  "scripts/setup",
  "next.config.ts",
  "package-lock.json",
  "tsconfig.json",
];

/** Build the dashboard into out/, ready for the server. */
export async function buildDashboard() {
  await runStep({
    name: "dashboard",
    inputs,
    facts: [process.platform, process.arch],
    output: "out/csp.json",
    async run() {
      say("building the dashboard, a minute or two");
      await rm(join(root, "out"), { recursive: true, force: true });
      await buildPages();
      // It needs the Node that comes with the packages: that one takes types out.
      await run(join(programs, "node"), [join(root, "scripts", "hash-worker.mjs"), join(root, "out")]);
      await finishPages(join(root, "out"));
    },
  });
}

async function buildPages() {
  try {
    await nextBuild();
  } catch (error) {
    // A build that failed for a passing reason is kept in the cache, and fails again from there.
    if (!(error instanceof SetupError) || !existsSync(join(root, ".next"))) throw error;
    say("the build failed; once more from nothing");
    await rm(join(root, ".next"), { recursive: true, force: true });
    await nextBuild();
  }
}

function nextBuild() {
  const env = { NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };
  return run(join(programs, "next"), ["build"], { ownPrograms: true, env });
}
