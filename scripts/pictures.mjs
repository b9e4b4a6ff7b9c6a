/// <reference lib="dom" />
// Takes the pictures of docs/pictures: a server of its own, filled and written to by real clients, in a real browser.
// Run it after npm start has built the pages: node_modules/.bin/node scripts/pictures.mjs
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { chromium } from "playwright-core";
import { createImage } from "../content/remote/images.ts";
import { createLease } from "../content/remote/leases.ts";
import { createRemoteStore } from "../content/remote/store.ts";
import { encodePalettePng } from "./pictures/palette-png.mjs";

const root = join(import.meta.dirname, "..");
const pictures = join(root, "docs", "pictures");
const socket = join(tmpdir(), "stowage.sock");
const mebibyte = 1 << 20;

/** Long enough for every state: an ingest crawls after a minute, and stalls after half of one. */
const watchedMs = 68_000;

const transport = createGrpcTransport({
  baseUrl: "http://localhost",
  nodeOptions: { createConnection: () => connect(socket) },
});
/** Manifests that were put, as the images of their names. */
const manifests = /** @type {{ namespace: string, name: string, digest: string, size: number }[]} */ ([]);

const data = await mkdtemp(join(tmpdir(), "stowage-pictures-"));
const server = await startServer();
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
  server.child.kill();
  await rm(data, { recursive: true, force: true });
}

async function takeAll() {
  const shapes = await Promise.all([openShape(1440, 900, false), openShape(375, 812, true)]);
  await show(shapes, "/content", "Nothing is stored here yet");
  await take(shapes, "first-run");
  const manifest = await fill();
  await show(shapes, "/ingests", "Nothing is being written");
  writeIngests();
  await pause(watchedMs);
  await take(shapes, "ingests");
  await show(shapes, "/content", "newest first");
  await take(shapes, "content");
  await show(shapes, `/blob?ns=k8s.io&d=${manifest}`, "schemaVersion");
  await take(shapes, "blob");
  // Last: what no image and no lease leads to is collected from then on.
  await nameImages();
  await show(shapes, "/images", "by name");
  await take(shapes, "images");
  await show(shapes, "/leases", "trouble first");
  await take(shapes, "leases");
}

/** @returns {Promise<{ child: import("node:child_process").ChildProcess, url: string }>} */
async function startServer() {
  const args = ["--listen", "127.0.0.1:0", "--data", data, "--socket", socket];
  const child = spawn(process.execPath, [join(root, "server", "main.ts"), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });
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

/**
 * @param {Awaited<ReturnType<typeof openShape>>[]} shapes
 * @param {string} path
 * @param {string} ready words that are there once the page is
 */
async function show(shapes, path, ready) {
  for (const { page } of shapes) {
    await page.goto(server.url + path);
    await page.getByText(ready).first().waitFor();
    await page.getByText("Live", { exact: true }).waitFor();
  }
}

/**
 * @param {Awaited<ReturnType<typeof openShape>>[]} shapes
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
  for (const { namespace, name, digest, size } of manifests) {
    const target = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size, annotations: {} };
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
    await put("moby", bytesOf(`moby ${index}`, size), { team: "builds" });
  }
  await put("default", Buffer.from("hello\n"), {});
  await put("default", bytesOf("notes", 611_000), { team: "payments", owner: "mei" });
  await putImage("moby", "debian-base", [27 * mebibyte]);
  await putImage("k8s.io", "pause", [311_000]);
  await putImage("k8s.io", "sidecar", [3_300_000, 812_000, 9_610]);
  return putImage("k8s.io", "app", [12 * mebibyte, 4_810_000, 88_400, 1_610]);
}

/**
 * @param {string} namespace
 * @param {string} name
 * @param {number[]} sizes of its layers, in bytes
 */
async function putImage(namespace, name, sizes) {
  const source = { "containerd.io/distribution.source.registry.example": `team/${name}` };
  const layers = [];
  for (const [index, size] of sizes.entries()) {
    const digest = await put(namespace, bytesOf(`${name} ${index}`, size), {
      ...source,
      "containerd.io/uncompressed": digestOf(`${name} ${index} unpacked`),
    });
    layers.push({ mediaType: "application/vnd.oci.image.layer.v1.tar+gzip", digest, size });
  }
  const config = json({
    architecture: "amd64",
    os: "linux",
    config: { Entrypoint: [`/usr/bin/${name}`], User: "65532" },
  });
  const configDigest = await put(namespace, config, source);
  const media = "application/vnd.oci.image";
  const manifest = json({
    schemaVersion: 2,
    mediaType: `${media}.manifest.v1+json`,
    config: { mediaType: `${media}.config.v1+json`, digest: configDigest, size: config.length },
    layers,
  });
  const digest = await put(namespace, manifest, {
    ...source,
    "containerd.io/gc.ref.content.config": configDigest,
    ...Object.fromEntries(layers.map(({ digest }, index) => [`containerd.io/gc.ref.content.l.${index}`, digest])),
    team: "payments",
  });
  manifests.push({ namespace, name, digest, size: manifest.length });
  return digest;
}

/**
 * @param {string} namespace
 * @param {Uint8Array} bytes
 * @param {Record<string, string>} labels
 */
async function put(namespace, bytes, labels) {
  await using writer = await storeOf(namespace).writer({
    ref: `put-${createHash("sha256").update(bytes).digest("hex")}`,
  });
  for (let at = 0; at < bytes.length; at += mebibyte) await writer.write(bytes.subarray(at, at + mebibyte));
  return writer.commit({ labels });
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

/**
 * Bytes that are always the same and look like any.
 *
 * @param {string} name
 * @param {number} length
 */
function bytesOf(name, length) {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at += 32) createHash("sha256").update(`${name} ${at}`).digest().copy(bytes, at);
  return bytes;
}

/** @param {string} text */
function digestOf(text) {
  return `sha256:${createHash("sha256").update(text).digest("hex")}`;
}

/** @param {unknown} value */
function json(value) {
  return Buffer.from(JSON.stringify(value, null, 2));
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
