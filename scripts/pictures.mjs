/// <reference lib="dom" />
// Takes the pictures of docs/pictures: a server of its own, filled and written to by real clients, in a real browser.
// Run it after npm start has built the pages: node_modules/.bin/node scripts/pictures.mjs
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { createImage } from "../content/remote/images.ts";
import { createLease } from "../content/remote/leases.ts";
import { createRemoteStore } from "../content/remote/store.ts";
import { bytesOf, digestOf, put, putImage, targetOf, transportOf } from "./pictures/content.mjs";
import { openHub } from "./pictures/hub.mjs";
import { encodePalettePng } from "./pictures/palette-png.mjs";

const root = join(import.meta.dirname, "..");
const pictures = join(root, "docs", "pictures");
/** Paths that the pictures show, so they have short names that say what they are. */
const socket = join(tmpdir(), "stowage.sock");
const layout = join(tmpdir(), "build-cache");
const mebibyte = 1 << 20;

/** Long enough for every state: an ingest crawls after a minute, and stalls after half of one. */
const watchedMs = 68_000;

const transport = transportOf(socket);
/** Manifests that were put, as the images of their names. */
const manifests = /** @type {import("./pictures/content.mjs").Manifest[]} */ ([]);

const data = await mkdtemp(join(tmpdir(), "stowage-pictures-"));
// Not one that is there already: it is removed at the end.
await mkdir(layout);
const args = ["--listen", "127.0.0.1:0", "--data", join(data, "data"), "--socket", socket];
/** All that were started. */
const servers = /** @type {import("node:child_process").ChildProcess[]} */ ([]);
const { url } = await startServer(args);
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium-headless-shell",
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
/** Ingests that are written to until the pictures are taken. */
const stopping = new AbortController();
try {
  await mkdir(pictures, { recursive: true });
  await takeAll();
} finally {
  stopping.abort();
  await browser.close();
  for (const child of servers) child.kill();
  for (const folder of [data, layout]) await rm(folder, { recursive: true, force: true });
}

async function takeAll() {
  const shapes = await Promise.all([openShape(1440, 900, false), openShape(375, 812, true)]);
  await show(shapes, `${url}/content`, "Nothing is stored here yet");
  await take(shapes, "first-run");
  const manifest = await fill();
  await show(shapes, `${url}/ingests`, "Nothing is being written");
  writeIngests();
  await pause(watchedMs);
  await take(shapes, "ingests");
  await show(shapes, `${url}/content`, "newest first");
  await take(shapes, "content");
  await show(shapes, `${url}/blob?ns=k8s.io&d=${manifest}`, "schemaVersion");
  await take(shapes, "blob");
  // Last: what no image and no lease leads to is collected from then on.
  await nameImages();
  await show(shapes, `${url}/images`, "by name");
  await take(shapes, "images");
  await show(shapes, `${url}/leases`, "trouble first");
  await take(shapes, "leases");
  await takeHub(shapes);
}

/** Pages of a server with several stores, one of which is the server of the other pictures. @param {Shape[]} shapes */
async function takeHub(shapes) {
  const hub = await openHub({ folder: data, layout, nodeUrl: url, startServer });
  // The address signs in.
  await show(shapes, `${hub.url}/activity${hub.fragment}`, "complete");
  await take(shapes, "activity");
  await show(shapes, `${hub.url}/compare?a=local/k8s.io&b=node-7/k8s.io`, "largest first");
  await take(shapes, "compare");
  await show(shapes, `${hub.url}/settings?tab=stores`, "never answered");
  await take(shapes, "settings");
  await show(shapes, `${hub.url}/content`, "newest first");
  for (const { page } of shapes) {
    await page.getByRole("button", { name: /^Store: / }).click();
    await page.getByRole("navigation", { name: "Stores" }).getByText("Unreachable").waitFor();
  }
  await take(shapes, "stores");
}

/** @param {string[]} args */
async function startServer(args) {
  const child = spawn(process.execPath, [join(root, "server", "main.ts"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  servers.push(child);
  for await (const output of child.stdout) {
    const url = /^stowage ready (\S+)/m.exec(String(output))?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error("the server did not start");
}

/**
 * A page of one size, in light and dark.
 *
 * @param {number} width
 * @param {number} height
 * @param {boolean} isPhone
 */
async function openShape(width, height, isPhone) {
  const viewport = { width, height };
  const context = await browser.newContext({ viewport, isMobile: isPhone, hasTouch: isPhone, locale: "en-GB" });
  return { width, page: await context.newPage() };
}

/** @typedef {Awaited<ReturnType<typeof openShape>>} Shape */

/**
 * @param {Shape[]} shapes
 * @param {string} address
 * @param {string} ready words that are there once the page is
 */
async function show(shapes, address, ready) {
  for (const { page } of shapes) {
    await page.goto(address);
    await page.getByText(ready).first().waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
  }
}

/**
 * @param {Shape[]} shapes
 * @param {string} name
 */
async function take(shapes, name) {
  // The marks of new rows fade.
  await pause(3500);
  for (const { width, page } of shapes) {
    for (const theme of /** @type {const} */ (["light", "dark"])) {
      await page.emulateMedia({ colorScheme: theme });
      await pause(300);
      const screen = await page.screenshot();
      await writeFile(join(pictures, `${name}-${theme}-${width}.png`), await shrink(screen));
    }
  }
}

/** The same picture in a third of the bytes. @param {Buffer} png */
async function shrink(png) {
  const page = await browser.newPage();
  const { width, height, rgba } = await page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
    context?.drawImage(bitmap, 0, 0);
    const bytes = new Uint8Array(context?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? []);
    return { width: bitmap.width, height: bitmap.height, rgba: bytes.toBase64() };
  }, png.toString("base64"));
  await page.close();
  return encodePalettePng(width, height, Buffer.from(rgba, "base64"));
}

/** @param {string} namespace */
function storeOf(namespace) {
  return createRemoteStore(transport, { namespace });
}

/** Images and leases, as pulls and builds leave them. */
async function nameImages() {
  for (const { namespace, name, ...manifest } of manifests) {
    const target = targetOf(manifest);
    for (const tag of name === "app" ? ["1.4", "latest"] : ["1.0"]) {
      const image = { name: `registry.example/team/${name}:${tag}`, labels: { team: "payments" }, target };
      await createImage(transport, { namespace }, image);
    }
  }
  const hourMs = 3_600_000;
  for (const [namespace, id, hours] of /** @type {const} */ ([
    ["k8s.io", "pull-app", 23.5],
    ["moby", "build-cache", 0],
    ["moby", "e1c0b2f79d64", 0.4],
  ])) {
    const expires = new Date(Date.now() + hours * hourMs).toISOString();
    await createLease(
      transport,
      { namespace },
      { id, labels: hours > 0 ? { "containerd.io/gc.expire": expires } : {} },
    );
  }
}

/** What is stored: images of three namespaces, as a pull leaves them. @returns {Promise<string>} digest of a manifest */
async function fill() {
  for (const [index, size] of [2_444, 61_000, 480_000, 14_203, 2_900_000, 7_440, 5_000].entries()) {
    await put(transport, "moby", bytesOf(`moby ${index}`, size), { team: "builds" });
  }
  await put(transport, "default", Buffer.from("hello\n"), {});
  await put(transport, "default", bytesOf("notes", 611_000), { team: "payments", owner: "mei" });
  manifests.push(
    await putImage(transport, "moby", "debian-base", [27 * mebibyte]),
    await putImage(transport, "k8s.io", "pause", [311_000]),
    await putImage(transport, "k8s.io", "sidecar", [3_300_000, 812_000, 9_610]),
  );
  const app = await putImage(transport, "k8s.io", "app", [12 * mebibyte, 4_810_000, 88_400, 1_610]);
  manifests.push(app);
  return app.digest;
}

/** What moves, waits, crawls and is stuck. */
function writeIngests() {
  const layer = (/** @type {string} */ name) => `layer-${digestOf(name)}`;
  write("k8s.io", layer("stalled"), { total: 480 * mebibyte, start: 11 * mebibyte });
  write("k8s.io", layer("crawling"), { total: 90 * mebibyte, start: 7 * mebibyte, rate: 12_000 });
  write("k8s.io", `manifest-${digestOf("left")}`, { start: 4_198, end: "close" });
  write("k8s.io", `config-${digestOf("refused")}`, { total: 14_212, start: 14_000, end: "commit" });
  write("moby", "upload-model-q4", { rate: 650_000 });
  for (const [name, megabytes, rate] of /** @type {const} */ ([
    ["a", 480, 2_600_000],
    ["b", 220, 1_900_000],
    ["c", 61, 700_000],
  ])) {
    write("k8s.io", layer(name), { total: megabytes * mebibyte, rate });
  }
  for (const [name, seconds] of /** @type {const} */ ([
    ["quick", 3],
    ["slower", 8],
  ])) {
    write("k8s.io", layer(name), { total: seconds * mebibyte, rate: mebibyte, end: "commit" });
  }
  spawn("ctr", ["-a", socket, "-n", "moby", "content", "ingest", "backup"], {
    stdio: ["pipe", "ignore", "ignore"],
  }).stdin?.end(bytesOf("backup", 18 * mebibyte));
  const aborted = layer("aborted");
  write("k8s.io", aborted, { total: 18 * mebibyte, start: 3 * mebibyte });
  setTimeout(() => void storeOf("k8s.io").abort(aborted), 30_000);
}

/**
 * @param {string} namespace
 * @param {string} ref
 * @param {{ total?: number, start?: number, rate?: number, end?: "hold" | "close" | "commit" }} how bytes in all and at
 * the start, bytes a second, and what happens once all that is wanted was written
 */
async function write(namespace, ref, { total = 0, start = 0, rate = 0, end = "hold" }) {
  const { signal } = stopping;
  try {
    await using writer = await storeOf(namespace).writer({ ref, descriptor: { size: total } }, signal);
    if (start > 0) await writer.write(bytesOf(ref, Math.min(start, mebibyte)));
    for (let at = mebibyte; at < start; at += mebibyte) await writer.write(bytesOf(`${ref} ${at}`, mebibyte));
    for (let at = start; rate > 0 && (total === 0 || at < total); ) {
      await pause(250);
      signal.throwIfAborted();
      const chunk = bytesOf(`${ref} ${at}`, Math.min(Math.round(rate / 4), total > 0 ? total - at : rate));
      await writer.write(chunk);
      at += chunk.length;
    }
    if (end === "commit") await writer.commit({ size: total });
    if (end === "hold") await new Promise((resolve) => signal.addEventListener("abort", resolve));
  } catch {
    // A refused commit and an abort are among what the pictures show.
  }
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
