// Makes ready what the steps named on the command line need, and skips what is. Runs on the machine's own Node.
import { buildDashboard } from "./setup/dashboard.mjs";
import { installPackages } from "./setup/install.mjs";
import { takeLock } from "./setup/lock.mjs";
import { makeNodeStart } from "./setup/node.mjs";
import { SetupError } from "./setup/setup-error.mjs";
import { installSystemPackages } from "./setup/system.mjs";

/** @type {Record<string, () => Promise<void>>} */
const steps = { dashboard: buildDashboard, system: installSystemPackages };

const names = process.argv.slice(2);
try {
  const unknown = names.find((name) => !Object.hasOwn(steps, name));
  if (unknown !== undefined) {
    throw new SetupError(`there is no step ${unknown}; there are ${Object.keys(steps).join(" and ")}`);
  }
  const release = await takeLock();
  try {
    await installPackages();
    await makeNodeStart();
    for (const name of names) await steps[name]?.();
  } finally {
    release();
  }
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`set-up: ${error.message}\n`);
  process.exitCode = 1;
}
