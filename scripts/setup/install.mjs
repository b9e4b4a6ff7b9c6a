import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./paths.mjs";
import { run } from "./run.mjs";
import { say } from "./say.mjs";
import { runStep } from "./stamp.mjs";

/** The parts of package.json that npm installs by; the rest may change freely. */
const parts = ["dependencies", "devDependencies", "optionalDependencies", "overrides", "allowScripts"];

/** Install exactly the packages of the lock. */
export async function installPackages() {
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  await runStep({
    name: "install",
    inputs: ["package-lock.json", ".npmrc"],
    facts: [process.platform, process.arch, ...parts.map((part) => JSON.stringify(manifest[part] ?? {}))],
    output: "node_modules/.package-lock.json",
    async run() {
      say("installing packages, a minute or two");
      await run("npm", ["ci", "--loglevel=error", "--include=dev", "--include=optional"]);
    },
  });
}
