import { buildDashboard } from "./dashboard.mjs";
import { installPackages } from "./install.mjs";
import { takeLock } from "./lock.mjs";
import { makeNodeStart } from "./node.mjs";
import { SetupError } from "./setup-error.mjs";
import { installSystemPackages } from "./system.mjs";

/** @type {Record<string, () => Promise<void>>} */
const steps = { dashboard: buildDashboard, system: installSystemPackages };

/**
 * Make ready what steps need, and skip what is. Of what is wrong one line is said, and the process then ends with status 1.
 *
 * @param {readonly string[]} names of the steps
 */
export async function setUp(names) {
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
}
