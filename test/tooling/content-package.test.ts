import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { beforeAll, expect, test } from "vitest";
import { programs, root } from "../../scripts/setup/paths.mjs";
import type { InstalledPackage } from "../support/package.ts";
import { installPackage, readmeFiles } from "../support/package.ts";
import { run } from "../support/run.ts";
import { openTestServer } from "../support/stowage.ts";

let project: string;
let installed: InstalledPackage;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "content-package-"));
  installed = await installPackage(project);
  await writeFile(join(project, "package.json"), JSON.stringify({ type: "module", private: true }));
  return () => rm(project, { recursive: true, force: true });
});

/** Names under which the package can be imported. */
async function entries(): Promise<readonly string[]> {
  const { exports } = JSON.parse(await readFile(join(installed.path, "package.json"), "utf8"));
  return Object.keys(exports).map((name) => join("stowage-content", name));
}

test("an install is at most 8 packages and 10 MB on disk", () => {
  expect(installed.packages.length).toBeLessThanOrEqual(8);
  expect(installed.bytes).toBeLessThanOrEqual(10_000_000);
});

test("it has the version and the licence of the project, and needs versions that the project has", async () => {
  const project = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const own = JSON.parse(await readFile(join(installed.path, "package.json"), "utf8"));
  expect([own.version, own.license]).toEqual([project.version, project.license]);
  for (const [name, range] of Object.entries(own.dependencies)) expect(range).toBe(`^${project.dependencies[name]}`);
});

test("a page that imports the main entry loads at most 45 kB, with all that it needs, and no regular expressions", async () => {
  await writeFile(join(project, "page.js"), 'export * from "stowage-content";\n');
  const bundle = await rolldown({ input: join(project, "page.js"), cwd: project, platform: "browser" });
  const { output } = await bundle.generate({ format: "es", minify: true });
  await bundle.close();
  const [entry] = output;
  expect(gzipSync(entry.code, { level: 9 }).length).toBeLessThanOrEqual(45_000);
  expect(gzipSync(entry.code, { level: 9 }).length).toBeGreaterThan(20_000);
  expect(entry.code).not.toMatch(/RE2/);
  const shipped = await readFile(join(installed.path, "lib", "browser", "index.js"));
  expect(gzipSync(shipped, { level: 9 }).length).toBeLessThanOrEqual(45_000);
});

test("every entry can be imported in an empty project of Node, and says what it exports", async () => {
  const imports = (await entries()).map((name, at) => `import * as entry${at} from ${JSON.stringify(name)};`);
  const counts = imports.map((_, at) => `Object.keys(entry${at}).length`).join(", ");
  await writeFile(join(project, "main.mjs"), `${imports.join("\n")}\nconsole.log(JSON.stringify([${counts}]));\n`);
  const { status, stdout, stderr } = await run(process.execPath, [join(project, "main.mjs")]);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  for (const count of JSON.parse(stdout)) expect(count).toBeGreaterThan(0);
});

test.each(["nodenext", "bundler"])("every entry has its types for a strict project (%s)", async (resolution) => {
  const used = (await entries()).map((name, at) => `import * as entry${at} from ${JSON.stringify(name)};`);
  const body = `
import type { Store } from "stowage-content";
import { isDigest } from "stowage-content";
${used.join("\n")}
export const all: readonly object[] = [${used.map((_, at) => `entry${at}`).join(", ")}];
export const sizeOf = async (store: Store, text: string): Promise<number> =>
  isDigest(text) ? (await store.info(text)).size : 0;
// @ts-expect-error a text is no digest
export const wrong = (store: Store, text: string) => store.info(text);
`;
  await writeFile(join(project, "main.ts"), body);
  const module = resolution === "bundler" ? "esnext" : resolution;
  const options = { strict: true, noEmit: true, target: "es2022", lib: ["esnext", "dom"], types: [], module };
  const config = { compilerOptions: { ...options, moduleResolution: resolution }, files: ["main.ts"] };
  await writeFile(join(project, "tsconfig.json"), JSON.stringify(config));
  const { stdout, status } = await run(join(programs, "tsc"), ["-p", project]);
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

test("the README shows files that are run", async () => {
  expect([...(await readmeFiles()).keys()]).toEqual([
    // By test/browser/library-readme.test.ts, and the script by test/interop/copy-graph.test.ts.
    ...["upload.html", "index.html", "main.jsx", "copy-image.mjs"],
    "tour.mjs",
  ]);
});

test("the README's tour does what it says against a Stowage", async () => {
  const { url } = await openTestServer();
  await writeFile(join(project, "tour.mjs"), (await readmeFiles()).get("tour.mjs") ?? "");
  const { stdout, stderr } = await run(process.execPath, [join(project, "tour.mjs"), url]);
  const digest = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
  expect(stderr).toBe("");
  expect(stdout.split("\n")).toEqual([`${digest} 6`, "hello", "false", "true", "true", "true", ""]);
});
