import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import { makeDigest } from "../../content/parse-digest.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { browserForTests, listens } from "./browser.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const mib = 1024 * 1024;
const size = 12 * mib;
const smallSize = 9 * mib;

/** What stands beside the bytes of a file in its messages, in bytes at most. */
const aside = 16 * 1024;

interface TestFile {
  readonly path: string;
  readonly name: string;
  readonly digest: Digest;
}

async function makeFile(bytes = size): Promise<TestFile> {
  const content = randomBytes(bytes);
  const path = join(await makeTempDir(), `file-${bytes}.bin`);
  await writeFile(path, content);
  return { path, name: basename(path), digest: digestOf(content) };
}

const digestOf = (bytes: string | Uint8Array) => makeDigest("sha256", createHash("sha256").update(bytes).digest("hex"));

const panelOf = (page: Page) => page.getByRole("region", { name: "Uploads" });
const rowOf = (page: Page, file: TestFile) => panelOf(page).getByRole("listitem").filter({ hasText: file.name });
const refOf = ({ digest }: TestFile) => `upload-${digest}`;

/** Picks files by the key, as a person does. */
async function pick(page: Page, ...files: readonly TestFile[]): Promise<void> {
  const chooser = page.waitForEvent("filechooser");
  // That the chooser is waited for has to reach the browser before the key does, which this comes after.
  await listens(page);
  await page.keyboard.press("u");
  await (await chooser).setFiles(files.map(({ path }) => path));
}

/** Counts the bytes that a page writes from now on. */
function countBytes(page: Page): () => number {
  let bytes = 0;
  page.on("request", (request) => {
    if (request.url().endsWith("/Write")) bytes += request.postDataBuffer()?.length ?? 0;
  });
  return () => bytes;
}

/** How much of a file was let through. */
interface Sent {
  readonly bytes: number;
  /** As the page writes it, in MiB. */
  readonly words: string;
}

/** Messages of an upload that wait to be sent. */
interface Hold {
  /** What was let through, once the next message waits. */
  readonly reached: Promise<Sent>;
  /** Let all through from now on. */
  goOn(): void;
}

/** Lets so many messages with bytes of a file through, and holds the next one. */
async function holdAfter(page: Page, messages: number): Promise<Hold> {
  const reached = Promise.withResolvers<Sent>();
  const released = Promise.withResolvers<void>();
  const passed: number[] = [];
  await page.route("**/stowage.v1.ContentService/Write", async (route) => {
    const bytes = route.request().postDataBuffer()?.length ?? 0;
    if (bytes > aside) {
      if (passed.length === messages) {
        const bytes = passed.reduce((sum, each) => sum + each, 0);
        reached.resolve({ bytes, words: (bytes / mib).toPrecision(3) });
        await released.promise;
      }
      // What stands beside the data is less than a KiB.
      passed.push(Math.floor(bytes / 1024) * 1024);
    }
    // A page may have given it up meanwhile.
    await route.continue().catch(() => undefined);
  });
  return { reached: reached.promise, goOn: () => released.resolve() };
}

test("a file is hashed, sent and kept, ctr sees it, and a second time no byte of it is sent", async () => {
  const { url, ctr, shell, socket } = await startPageServer();
  const file = await makeFile();
  const { page } = await visit(`${url}/content?ns=moby`, { expectsLoss: true });
  const bytes = countBytes(page);
  await pick(page, file);
  const row = rowOf(page, file);
  await row.getByText("stored").waitFor();
  await page
    .locator("[role=row][data-key]")
    .filter({ hasText: file.digest.slice(7, 15) })
    .waitFor();
  expect(bytes()).toBeGreaterThan(size);
  expect(bytes()).toBeLessThan(size + aside);
  expect((await ctr(["-n", "moby", "content", "ls"])).stdout).toMatch(
    new RegExp(`${file.digest}\\s.*containerd\\.io/gc\\.root=20`),
  );
  const hashed = await shell(`ctr -a ${socket} -n moby content get ${file.digest} | sha256sum`);
  expect(hashed.stdout).toContain(file.digest.slice(7));
  expect(await row.getByRole("link").getAttribute("href")).toBe(`/blob?ns=moby&d=${file.digest}`);

  const before = bytes();
  await pick(page, file);
  await rowOf(page, file).getByText("already here").waitFor();
  expect(bytes() - before).toBeLessThan(aside);
  await page.getByRole("button", { name: "Clear finished" }).click();
  await panelOf(page).waitFor({ state: "detached" });
});

test("an upload that is paused goes on after the page was loaded anew, at its offset, once its file is picked", async () => {
  const { url, ctr } = await startPageServer();
  const [file, other] = [await makeFile(), await makeFile()];
  const { page } = await visit(`${url}/content?ns=default`);
  const { reached } = await holdAfter(page, 3);
  await pick(page, file);
  const row = rowOf(page, file);
  const sent = await reached;
  await row.getByText(`${sent.words} / 12.0`).waitFor();
  const { stdout } = await ctr(["content", "active"]);
  const [, megabytes] = new RegExp(`${refOf(file)}\\s+([\\d.]+)MB`).exec(stdout) ?? [];
  // The page and ctr round, each in units of its own.
  expect((Number(megabytes) * 1e6) / mib, stdout).toBeCloseTo(sent.bytes / mib, 1);
  await page.getByRole("link", { name: "Ingests" }).click();
  const ingest = page.locator("[role=row][data-key]").filter({ hasText: file.digest.slice(7, 15) });
  await ingest.getByText("active").waitFor();
  await row.getByRole("button", { name: /^Pause/ }).click();
  await ingest.getByText("resumable").waitFor();
  await row.getByText("paused").waitFor();

  await page.unrouteAll({ behavior: "ignoreErrors" });
  await page.goto(`${url}/content`);
  await row.getByText(`to go on from ${sent.words} of 12.0`).waitFor();
  const bytes = countBytes(page);
  for (const [picked, words] of [
    [other, "not those that were begun"],
    [file, "stored"],
  ] as const) {
    const chooser = page.waitForEvent("filechooser");
    await row.getByRole("button", { name: "Pick the file again…" }).click();
    await (await chooser).setFiles(picked.path);
    await row.getByText(words).waitFor();
  }
  const left = size - sent.bytes;
  expect(bytes()).toBeGreaterThan(left);
  expect(bytes()).toBeLessThan(left + aside);
  expect((await ctr(["content", "active"])).stdout).not.toContain("upload-");
  await page.reload();
  await page.locator("[role=row][data-key]").first().waitFor();
  expect(await panelOf(page).count()).toBe(0);
});

test("leaving while an upload runs warns, and leaves no lock", async () => {
  const { url, ctr } = await startPageServer();
  const file = await makeFile(smallSize);
  const { page } = await visit(`${url}/content?ns=default`, { expectsLoss: true });
  const { reached } = await holdAfter(page, 2);
  await pick(page, file);
  await reached;
  const asked = new Promise<string>((resolve) => {
    page.once("dialog", (dialog) => {
      resolve(dialog.type());
      void dialog.accept();
    });
  });
  const left = page.goto(`${url}/ingests`);
  expect(await asked).toBe("beforeunload");
  await left;
  await page.locator("[role=row][data-key]").filter({ hasText: "resumable" }).waitFor();
  expect((await ctr(["content", "active"])).stdout).toContain(refOf(file));
});

test("a cancel says what it discards, and drops it", async () => {
  const { url, ctr } = await startPageServer();
  const file = await makeFile(smallSize);
  const { page } = await visit(`${url}/content?ns=default`, { expectsLoss: true });
  const { reached } = await holdAfter(page, 2);
  await pick(page, file);
  const sent = await reached;
  await page.getByRole("button", { name: /^Cancel… / }).click();
  await page.getByRole("dialog").getByText(`discards ${sent.words} MiB`).waitFor();
  await page.keyboard.press("Enter");
  await panelOf(page).waitFor({ state: "detached" });
  expect((await ctr(["content", "active"])).stdout).not.toContain("upload-");
  expect(await page.evaluate(() => localStorage.getItem("stowage-uploads"))).toBeNull();
});

test("of two tabs with one file the second waits for the first, and sends nothing", async () => {
  const { url } = await startPageServer();
  const file = await makeFile(smallSize);
  const { page, context } = await visit(`${url}/content?ns=default`, { expectsLoss: true });
  const { reached, goOn } = await holdAfter(page, 2);
  await pick(page, file);
  await reached;
  const second = await context.newPage();
  await second.goto(`${url}/content?ns=default`);
  const bytes = countBytes(second);
  await pick(second, file);
  await rowOf(second, file).getByText("has had its ref for").waitFor();
  expect(await rowOf(second, file).textContent()).toContain("127.0.0.1");
  goOn();
  await rowOf(page, file).getByText("stored").waitFor();
  await rowOf(second, file).getByText("already here").waitFor();
  expect(bytes()).toBeLessThan(aside);
});

test("files that are dropped on a page about all namespaces go to the one that is chosen", async () => {
  const { url, ctr } = await startPageServer();
  const { page } = await visit(`${url}/content`);
  await page.getByText("Nothing is stored here yet").waitFor();
  const drag = (type: string) =>
    page.evaluate((type) => {
      const dataTransfer = new DataTransfer();
      for (const name of ["one", "two"]) dataTransfer.items.add(new File([name], name));
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }, type);
  await drag("dragover");
  await page.getByText("You choose the namespace next").waitFor();
  await drag("drop");
  const dialog = page.getByRole("dialog", { name: "Upload 2 files" });
  const input = dialog.getByLabel("Namespace");
  expect(await input.inputValue()).toBe("default");
  await input.fill("no such/name");
  await page.keyboard.press("Enter");
  await dialog.getByText("must match").waitFor();
  await input.fill("team-a");
  await page.keyboard.press("Enter");
  await panelOf(page).getByText("2 of 2 stored").waitFor();
  expect(await page.getByText("Drop to upload").count()).toBe(0);
  const { stdout } = await ctr(["-n", "team-a", "content", "ls", "-q"]);
  expect(stdout.trim().split("\n").toSorted()).toEqual([digestOf("one"), digestOf("two")].toSorted());
});
