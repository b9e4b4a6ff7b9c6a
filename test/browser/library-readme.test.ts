import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Store } from "../../content/store.ts";
import { programs } from "../../scripts/setup/paths.mjs";
import { bytes, digestOf, noise, put } from "../suite/support.ts";
import { grpcTransport } from "../support/grpc.ts";
import { installPackage, linkPackages, readmeFiles } from "../support/package.ts";
import { run } from "../support/run.ts";
import { launchStowage } from "../support/stowage.ts";
import { browserForTests } from "./browser.ts";

const visit = browserForTests();

let origin: string;
let server: string;
let store: Store;

/** The examples as they stand in the README, in an empty project that is served from another origin than the server's. */
beforeAll(async () => {
  const stack = new AsyncDisposableStack();
  const project = await mkdtemp(join(tmpdir(), "library-readme-"));
  stack.defer(() => rm(project, { recursive: true, force: true }));
  await installPackage(project);
  await linkPackages(project, ["react", "react-dom", "vite"]);
  for (const [name, body] of await readmeFiles()) await writeFile(join(project, name), body);
  const built = await run(join(programs, "vite"), ["build", "--logLevel", "warn"], { cwd: project });
  expect(built, built.stderr).toMatchObject({ status: 0 });
  origin = await serve(project, stack);
  const stowage = stack.use(await launchStowage([], `allow_origins = ["${origin}"]\n`));
  server = stowage.url;
  store = createRemoteStore(grpcTransport(stowage.socket), { namespace: "default" });
  return () => stack.disposeAsync();
});

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** @returns the origin of a web server that has the files of a folder, those of `dist/` at the top */
async function serve(folder: string, stack: AsyncDisposableStack): Promise<string> {
  const web = createServer(async ({ url = "/" }, answer) => {
    const path = normalize(new URL(url, "http://localhost").pathname);
    // Both have an index.html, and that of the build comes first.
    const built = await readFile(join(folder, "dist", path)).catch(() => undefined);
    const found = built ?? (await readFile(join(folder, path)).catch(() => undefined));
    answer.writeHead(found ? 200 : 204, { "content-type": types[extname(path)] ?? "text/plain" });
    answer.end(found);
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  stack.defer(() => {
    web.closeAllConnections();
    web.close();
  });
  return `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
}

test("the README's page without a framework writes a file from another origin, and goes on with one that was cut", async () => {
  const data = noise(3_000_000);
  const begun = await store.writer({ ref: "upload-large.bin" });
  await begun.write(data.subarray(0, 1_000_000));
  await begun.close();
  const { page, calls } = await visit(`${origin}/upload.html?server=${server}`);
  const file = { name: "large.bin", mimeType: "application/octet-stream", buffer: data };
  await page.getByLabel("File").setInputFiles(file);
  await expect.poll(() => page.locator("output").textContent()).toBe(digestOf(data));
  expect(await page.getByLabel("Written").getAttribute("value")).toBe("1");
  expect((await store.info(digestOf(data))).size).toBe(data.length);
  expect(calls).toContain("stowage.v1.ContentService/Write");
});

test("the README's Vite and React page lists blobs from another origin, and follows what comes and goes", async () => {
  const first = await put(store, bytes("first"));
  const { page } = await visit(`${origin}/index.html?server=${server}`);
  const row = (digest: string) => page.getByRole("listitem").filter({ hasText: digest });
  await row(first).waitFor();
  expect(await row(first).textContent()).toBe(`${first} 5`);
  const second = await put(store, bytes("second one"));
  await row(second).waitFor();
  await store.delete(first);
  await row(first).waitFor({ state: "detached" });
});
