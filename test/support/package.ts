import { cp, mkdir, readdir, readFile, rename, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { packContent } from "../../scripts/pack/pack.mjs";
import { modules, root } from "../../scripts/setup/paths.mjs";
import { run } from "./run.ts";

/** What stands in a node_modules after an install of the package of content/. */
export interface InstalledPackage {
  /** Names of all packages, its own first. */
  readonly packages: readonly string[];
  /** Bytes of their files. */
  readonly bytes: number;
  /** Where the package itself is. */
  readonly path: string;
}

/**
 * Do what `npm install` of the packed package does, without a registry: it is unpacked into a project's node_modules, with copies of
 * the packages that it needs, and what those need.
 *
 * @param project folder that has no node_modules yet
 */
export async function installPackage(project: string): Promise<InstalledPackage> {
  const folder = join(project, "node_modules");
  await mkdir(folder);
  const { status, stderr } = await run("tar", ["-xzf", await packContent(project), "-C", project]);
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  const path = join(folder, "stowage-content");
  await rename(join(project, "package"), path);
  const packages = new Set(["stowage-content"]);
  // It grows while it is gone through.
  for (const name of packages) {
    const target = join(folder, name);
    if (name !== "stowage-content") await cp(join(modules, name), target, { recursive: true });
    const { dependencies = {} } = JSON.parse(await readFile(join(target, "package.json"), "utf8"));
    for (const needed of Object.keys(dependencies)) packages.add(needed);
  }
  return { packages: [...packages], bytes: await bytesIn(folder), path };
}

/** Put packages of this project into another one's node_modules, as links. */
export async function linkPackages(project: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const target = join(project, "node_modules", name);
    await mkdir(dirname(target), { recursive: true });
    await symlink(join(modules, name), target);
  }
}

/** The files that the README of content/ shows whole, by name, word for word. */
export async function readmeFiles(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(root, "content", "README.md"), "utf8");
  const blocks = text.matchAll(/^```\w+ file=(\S+)\n(.*?)^```$/gms);
  return new Map(Array.from(blocks, ([, name = "", body = ""]) => [name, body]));
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
