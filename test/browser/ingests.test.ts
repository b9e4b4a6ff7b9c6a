import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { openIngest } from "../support/ctr.ts";
import { browserForTests, textOf } from "./browser.ts";
import { lenient } from "./ingest-rows.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const mebibyte = Buffer.alloc(1 << 20, "stowage");
const rowsOf = (page: Page) => page.locator("[role=row][data-key]");

test("an ingest that ctr writes is a row whose bar and numbers move, and an ended one once it is committed", async () => {
  const { url, socket } = await startPageServer();
  const { page } = await visit(`${url}/ingests`, lenient);
  await page.getByText("Nothing is being written").waitFor();
  const ingest = openIngest(socket, "default", "slow");
  ingest.write(mebibyte);
  const row = rowsOf(page).filter({ hasText: "slow" });
  await expect.poll(() => textOf(row)).toContain("1.00 MiB");
  expect(await textOf(row)).toContain("active");
  expect(await textOf(row)).toContain("grpc-go");
  ingest.write(mebibyte);
  ingest.write(mebibyte);
  await expect.poll(() => textOf(row)).toContain("3.00 MiB");
  expect(await ingest.end()).toBe(0);
  await expect.poll(() => textOf(row.first())).toContain("committed");
  await page.getByText("Ended", { exact: false }).waitFor();
  await expect.poll(() => textOf(row)).toContain("3.00 MiB in");
  await expect.poll(() => rowsOf(page).count()).toBe(1);
});

test("a bar is as full as what was declared says", async () => {
  const { url, write } = await startPageServer();
  const { page } = await visit(`${url}/ingests`);
  await using writer = await write("default", "half", 4 * mebibyte.length);
  await writer.write(mebibyte);
  const bar = page.getByRole("progressbar", { name: "half" });
  await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("20");
  const widthOf = () =>
    bar.locator("i").evaluate((bar) => bar.getBoundingClientRect().width / (bar.parentElement?.offsetWidth ?? 1));
  await expect.poll(widthOf).toBeCloseTo(0.25, 1);
  await writer.write(mebibyte);
  await expect.poll(() => bar.getAttribute("aria-valuenow")).toBe("50");
  await expect.poll(widthOf).toBeCloseTo(0.5, 1);
  await rowsOf(page).filter({ hasText: "2.00 / 4.00 MiB" }).waitFor();
});

test("an abort on the page ends the ingest for ctr too, and the row tells each step", async () => {
  const { url, socket, ctr } = await startPageServer();
  const { page, calls } = await visit(`${url}/ingests`, lenient);
  const ingest = openIngest(socket, "default", "doomed");
  ingest.write(mebibyte);
  const row = rowsOf(page).filter({ hasText: "doomed" });
  await row.waitFor();
  const states = row.evaluate(
    (element) =>
      new Promise<readonly string[]>((resolve) => {
        const seen = new Set<string>();
        const look = () => {
          seen.add(element.querySelector("[role=gridcell]:nth-child(2)")?.textContent ?? "");
          if (seen.has("aborted")) resolve([...seen]);
        };
        new MutationObserver(look).observe(element, { childList: true, subtree: true, characterData: true });
        look();
      }),
  );
  await row.focus();
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog");
  await expect.poll(() => textOf(dialog)).toContain("Discards 1.00 MiB");
  expect(await textOf(dialog)).toMatch(/Its writer \(grpc-go\S*, unix socket/);
  await page.keyboard.press("Enter");
  expect(await states).toEqual(["active", "aborting…", "aborted"]);
  expect(calls).toContain("containerd.services.content.v1.Content/Abort");
  expect((await ctr(["content", "active"])).stdout).not.toContain("doomed");
  ingest.write(mebibyte);
  expect(await ingest.end()).not.toBe(0);
  await page.getByText("discarded 1.00 MiB").waitFor();
  await expect.poll(() => rowsOf(page).count()).toBe(1);
});

test("what an abort discards is told as it grows while the page asks", async () => {
  const { url, write } = await startPageServer();
  const { page } = await visit(`${url}/ingests`);
  await using writer = await write("default", "grows", 4 * mebibyte.length);
  await rowsOf(page).filter({ hasText: "grows" }).focus();
  await page.keyboard.press("a");
  const dialog = page.getByRole("dialog");
  await expect.poll(() => textOf(dialog)).toContain("Discards 0 B");
  await writer.write(mebibyte);
  await expect.poll(() => textOf(dialog)).toContain("Discards 1.00 MiB");
});

test("an ingest that is gone when its abort is confirmed is no error", async () => {
  const { url, write, ctr } = await startPageServer();
  const { page } = await visit(`${url}/ingests`, { expectsLoss: true });
  const writer = await write("default", "quick", 3);
  const row = rowsOf(page).filter({ hasText: "quick" });
  await row.focus();
  await page.keyboard.press("a");
  await page.getByRole("dialog").waitFor();
  await writer.write(Buffer.from("abc"));
  await writer.commit();
  await page.getByRole("dialog").getByRole("button", { name: "Abort" }).click();
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect((await ctr(["content", "ls", "-q"])).stdout).not.toBe("");
});

test("a write that nobody goes on with is resumable and its ref is free", async () => {
  const { url, write } = await startPageServer();
  const writer = await write("moby", "left", 0);
  await writer.write(Buffer.from("abc"));
  await writer.close();
  const { page } = await visit(`${url}/ingests`);
  const row = rowsOf(page).filter({ hasText: "left" });
  await expect.poll(() => textOf(row)).toContain("resumable");
  expect(await textOf(row)).toContain("free");
  expect(await textOf(row)).toContain("3 B of unknown");
});

test("a commit that was refused is shown with its reason, and is no end", async () => {
  const { url, write } = await startPageServer();
  const writer = await write("default", "short", 10);
  await writer.write(Buffer.from("abc"));
  await expect(writer.commit({ size: 10 })).rejects.toThrow();
  const { page } = await visit(`${url}/ingests`);
  const row = rowsOf(page).filter({ hasText: "short" });
  await expect.poll(() => textOf(row)).toContain("resumable");
  expect(await textOf(row)).toMatch(/size/);
});

test("a ref that looks like HTML, or reorders text, stays text", async () => {
  const { url, write } = await startPageServer();
  await using _ = await write("default", '<img src=x onerror="window.harm=1">\u202egpj', 0);
  const { page } = await visit(`${url}/ingests`);
  const row = rowsOf(page).first();
  await expect.poll(() => textOf(row)).toContain("<img src=x");
  expect(await textOf(row)).toContain("⟨202E⟩");
  expect(await textOf(row)).not.toContain("\u202e");
  expect(await page.evaluate(() => "harm" in window)).toBe(false);
});

test("rows do not change places while the keyboard is among them", async () => {
  const { url, write } = await startPageServer();
  await using first = await write("default", "first", 0);
  await first.write(Buffer.from("a"));
  await using second = await write("default", "second", 0);
  const { page } = await visit(`${url}/ingests?sort=-progress`);
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await page.keyboard.press("Tab");
  await rowsOf(page).nth(1).focus();
  await page.keyboard.press("k");
  await page.getByText("order held while you are here").waitFor();
  await second.write(mebibyte);
  await expect.poll(() => textOf(rowsOf(page).filter({ hasText: "second" }))).toContain("1.00 MiB");
  const placed = async () =>
    rowsOf(page).evaluateAll((rows) =>
      rows
        .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => row.getAttribute("data-key")),
    );
  await expect.poll(placed).toEqual(["default first", "default second"]);
  await page.getByRole("button", { name: "Theme" }).focus();
  await expect.poll(placed).toEqual(["default second", "default first"]);
});
