import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import { createImage } from "../../content/remote/images.ts";
import { grpcTransport } from "../support/grpc.ts";
import { writeArchive } from "../support/oci-archive.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { browserForTests, listens } from "./browser.ts";
import type { PageServer } from "./server.ts";
import { startPageServer } from "./server.ts";
import { violations, violationsWithPopup } from "./violations.ts";

const visit = browserForTests();

const themes = ["light", "dark"] as const;

/** How many pixels the page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

const digest = (server: PageServer) =>
  server.put("default", '{"a": 1}', { team: "payments", "containerd.io/gc.root": "x" });

/** An image with two names, one of which nothing is here, and a lease. */
async function fillCatalog(server: PageServer): Promise<void> {
  const transport = grpcTransport(server.socket);
  const [scope, path] = [{ namespace: "moby" }, join(await makeTempDir(), "image.tar")];
  const { manifest } = await writeArchive(path, "example.com/app:1", "app");
  await server.ctr(["-n", "moby", "images", "import", "--no-unpack", path]);
  const targetOf = (digest: Digest) => {
    return { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 7, annotations: {} };
  };
  const lost = parseDigest(`sha256:${"0".repeat(64)}`);
  await createImage(transport, scope, { name: "example.com/app:latest", labels: {}, target: targetOf(manifest) });
  await createImage(transport, scope, { name: "example.com/app", labels: { team: "x" }, target: targetOf(lost) });
  await server.ctr(["-n", "moby", "leases", "create", "--id", "pull", "--expires", "23h"]);
}

/** Pages in every state: what fills the server, the address, and what is there once the page is ready. */
const states: Readonly<Record<string, (server: PageServer) => Promise<readonly [path: string, ready: string]>>> = {
  "content with blobs": async (server) => {
    await digest(server);
    await server.put("moby", "b".repeat(5000), { ["a-label-with-a-long-key".repeat(3)]: "x" });
    return ["/content", "2 blobs"];
  },
  "content at its first run": async () => ["/content", "Nothing is stored here yet"],
  "content without a match": async (server) => {
    await digest(server);
    return ["/content?q=labels.none%3D%3Dx", "No blob matches"];
  },
  "content with a wrong query": async (server) => {
    await digest(server);
    return ["/content?q=%2Fa(b%2F", "missing closing"];
  },
  "content that fails": async () => ["/content?ns=-", "The server did not answer this"],
  "ingests that move and one that ended": async (server) => {
    const writer = await server.write("default", `layer-sha256:${"ab".repeat(32)}`, 10_000_000);
    await writer.write(Buffer.alloc(5_000_000));
    const left = await server.write("moby", "a-ref-that-is-as-long-as-refs-of-people-may-get-to-be", 0);
    await left.write(Buffer.alloc(5));
    await left.close();
    return ["/ingests", "of unknown"];
  },
  "ingests with the panel of one": async (server) => {
    const writer = await server.write("default", `layer-sha256:${"ab".repeat(32)}`, 0);
    await writer.write(Buffer.alloc(5_000_000));
    return [`/ingests?peek=default/layer-sha256:${"ab".repeat(32)}`, "not declared"];
  },
  "ingests without a match": async (server) => {
    const writer = await server.write("default", "a-ref", 0);
    await writer.write(Buffer.alloc(5));
    return ["/ingests?q=size:>1GiB%20ref:a", "No ingest matches"];
  },
  "ingests of which there are none": async () => ["/ingests", "Nothing is being written"],
  "ingests that fail": async () => ["/ingests?ns=-", "The server did not answer this"],
  "images with the panel of one": async (server) => {
    await fillCatalog(server);
    return ["/images?peek=moby/example.com/app:1", "linux/amd64"];
  },
  "images of which there are none": async () => ["/images", "There are no images"],
  "images that fail": async () => ["/images?ns=-", "The server did not answer this"],
  "leases with the panel of one": async (server) => {
    await fillCatalog(server);
    return ["/leases?peek=moby/pull", "It goes by itself"];
  },
  "leases without a match": async (server) => {
    await fillCatalog(server);
    return ["/leases?q=state:leaked", "No lease matches"];
  },
  "namespaces with the panel of one": async (server) => {
    await fillCatalog(server);
    return ["/namespaces?peek=moby", "no other namespace has these"];
  },
  "a blob": async (server) => [`/blob?ns=default&d=${await digest(server)}`, "payments"],
  "a blob of bytes": async (server) => {
    const bytes = await server.put("default", Buffer.alloc(70_000, 0xff));
    return [`/blob?ns=default&d=${bytes}`, "ff ff ff ff"];
  },
  "a blob that is not there": async (server) => [
    `/blob?ns=nowhere&d=${await digest(server)}`,
    "Not found in namespace",
  ],
  "an address without a blob": async () => ["/blob?d=nothing", "This is no digest"],
  "an address that leads nowhere": async () => ["/nowhere", "There is no such page"],
};

test.each(Object.keys(states))(
  "%s: no violation of WCAG that axe finds, on a wide screen in the light theme, and at 375 pixels in the dark one",
  async (name) => {
    const server = await startPageServer();
    const [path, ready] = (await states[name]?.(server)) ?? ["/", ""];
    const { page } = await visit(server.url + path, { expectsLoss: true });
    await page.getByText(ready).first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    await page.setViewportSize({ width: 375, height: 812 });
    await expect.poll(() => overflow(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    await expect.poll(() => overflow(page)).toBe(0);
  },
);

test("uploads, one of which waits for its file: no violation of WCAG that axe finds, wide and at 375 pixels", async () => {
  const server = await startPageServer();
  const digest = `sha256:${"ab".repeat(32)}`;
  const writer = await server.write("default", `upload-${digest}`, 10_000_000);
  await writer.write(Buffer.alloc(5_000_000));
  await writer.close();
  const { page } = await visit(`${server.url}/content?ns=default`);
  const note = { name: "image.tar", size: 10_000_000, lastModified: 1, namespace: "default", digest, page: "" };
  await page.evaluate((notes) => localStorage.setItem("stowage-uploads", notes), JSON.stringify([note]));
  await page.reload();
  await page.getByText("Pick the file again…").waitFor();
  const file = { name: "other.txt", mimeType: "text/plain", buffer: Buffer.from("hello") };
  await page.locator("input[type=file]").first().setInputFiles(file);
  await page.getByText("1 of 2 stored").waitFor();
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 375, height: 812 });
  await expect.poll(() => overflow(page)).toBe(0);
  expect(await violations(page)).toEqual([]);
});

test.each(themes)("popups are without a violation of WCAG that axe finds, in the %s theme", async (theme) => {
  const server = await startPageServer();
  await digest(server);
  const { page } = await visit(`${server.url}/content`, { theme });
  await page.locator("[role=row][data-key]").first().waitFor();
  await page.locator("[role=row][data-key]").first().focus();
  for (const [open, popup] of [
    [() => page.keyboard.press("Delete"), page.getByRole("dialog")],
    [() => page.keyboard.press("?"), page.getByRole("dialog", { name: "Keys" })],
    [() => page.getByRole("button", { name: /^Connection/ }).click(), page.getByRole("dialog")],
    [() => page.getByRole("button", { name: /^Namespaces/ }).click(), page.getByRole("menu")],
    [() => page.getByRole("button", { name: "Theme" }).click(), page.getByRole("menu")],
  ] as const) {
    await open();
    await popup.waitFor();
    expect(await violationsWithPopup(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await popup.waitFor({ state: "detached" });
  }
});

test("a chosen theme is there before the first paint, and stays", async () => {
  const { url } = await startPageServer();
  const { page } = await visit(`${url}/content`);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await listens(page);
  await page.getByRole("button", { name: "Theme" }).click();
  await page.getByRole("menuitemcheckbox", { name: "Dark" }).click();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await page.addInitScript(() => {
    requestAnimationFrame(function look() {
      if (document.body === null) requestAnimationFrame(look);
      else Object.assign(window, { firstBackground: getComputedStyle(document.body).backgroundColor });
    });
  });
  await page.reload();
  expect(await page.evaluate(() => Reflect.get(window, "firstBackground"))).toBe(dark);
});
