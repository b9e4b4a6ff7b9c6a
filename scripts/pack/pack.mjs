import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../setup/paths.mjs";
import { run } from "../setup/run.mjs";
import { bundleForBrowsers } from "./bundle.mjs";
import { emitModules } from "./modules.mjs";

/** What stands beside the modules. */
const files = { "package.json": "content/package.json", "README.md": "content/README.md", LICENSE: "LICENSE" };

/**
 * Make the package of content/: its modules with their types, what they need of gen/, and a bundle for pages without a bundler.
 *
 * @param {string} folder that it is put into, and that is there
 * @returns {Promise<string>} the package's path
 * @throws where its version is not that of the project
 */
export async function packContent(folder) {
  const project = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const manifest = JSON.parse(await readFile(join(root, "content", "package.json"), "utf8"));
  if (manifest.version !== project.version) {
    throw new Error(`content/package.json has version ${manifest.version}, the project ${project.version}`);
  }
  const staged = await mkdtemp(join(tmpdir(), "stowage-content-"));
  try {
    for (const [name, source] of Object.entries(files)) await copyFile(join(root, source), join(staged, name));
    await emitModules(join(staged, "lib"), entriesOf(manifest));
    await bundleForBrowsers(join(root, "content", "index.ts"), join(staged, "lib", "browser"));
    await run("npm", ["pack", staged, "--pack-destination", folder, "--ignore-scripts", "--silent"]);
    return join(folder, `${manifest.name}-${manifest.version}.tgz`);
  } finally {
    await rm(staged, { recursive: true, force: true });
  }
}

/**
 * @param {{ exports: Record<string, { types: string }> }} manifest
 * @returns {string[]} the types of all entries, from lib/ on
 */
function entriesOf({ exports }) {
  return Object.values(exports).map(({ types }) => types.replace("./lib/", ""));
}
