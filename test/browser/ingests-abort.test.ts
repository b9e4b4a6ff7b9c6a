import { expect, test } from "vitest";
import { ContentError } from "../../content/errors.ts";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import { browserForTests, textOf, watchComing } from "./browser.ts";
import { tellCalls } from "./counted-calls.ts";
import { eachOf, lenient, rowOf, rowsOf, selectionOf } from "./ingest-rows.ts";
import { quickStall } from "./quick-stall.ts";
import { startPageServer } from "./server.ts";
import { violationsWithPopup } from "./violations.ts";

const visit = browserForTests();

const mebibyte = Buffer.alloc(1 << 20, "stowage");

test("a stalled ingest is aborted by two keys, leaves by the server's word, and its ref can be taken again", async () => {
  const { url, write } = await startPageServer(quickStall);
  const { page } = await visit(`${url}/ingests`);
  const writer = await write("default", "stuck", 4 * mebibyte.length);
  await writer.write(mebibyte);
  await expect.poll(() => textOf(rowOf(page, "stuck"))).toContain("stalled");
  await page.getByRole("link", { name: "Ingests, 1 in trouble" }).waitFor();
  await rowOf(page, "stuck").focus();
  await page.keyboard.press("a");
  await expect.poll(() => textOf(page.getByRole("dialog"))).toMatch(/Discards 1.00 MiB.*Its writer \(.*unix socket\)/);
  await page.keyboard.press("Enter");
  await expect.poll(() => textOf(rowOf(page, "stuck"))).toContain("aborted");
  await page.getByRole("link", { name: "Ingests", exact: true }).waitFor();
  await expect.poll(() => textOf(rowOf(page, "stuck"))).toMatch(/discarded 1.00 MiB.*by you/);
  await expect.poll(() => page.getByText("Ended", { exact: false }).count()).toBe(1);
  await using again = await write("default", "stuck", 3);
  await again.write(Buffer.from("abc"));
  await again.commit();
});

test("all stalled ingests are aborted at once, and one that is committed meanwhile is no error", async () => {
  const { url, write } = await startPageServer(quickStall);
  const { page } = await visit(`${url}/ingests`, { expectsLoss: true });
  const stuck = await write("default", "stuck", 4 * mebibyte.length);
  await stuck.write(mebibyte);
  const late = await write("moby", "late", 3);
  await late.write(Buffer.from("ab"));
  await page.getByRole("button", { name: "Abort 2 stalled…" }).click();
  const dialog = page.getByRole("dialog");
  await expect.poll(() => textOf(eachOf(page, "stuck"))).toMatch(/1.00 MiB.*unix socket/);
  await expect.poll(() => textOf(eachOf(page, "late"))).toContain("2 B");
  await expect.poll(() => textOf(dialog)).toContain("2 writers");
  expect(await violationsWithPopup(page)).toEqual([]);
  await late.write(Buffer.from("c"));
  await late.commit();
  await rowsOf(page).filter({ hasText: "late" }).filter({ hasText: "committed" }).waitFor();
  await page.keyboard.press("Enter");
  await dialog.getByText("1 of 2 ingests aborted, 1 had ended or move again").waitFor();
  await expect.poll(() => textOf(eachOf(page, "stuck"))).toMatch(/aborted$/);
  await expect.poll(() => textOf(eachOf(page, "late"))).toContain("committed meanwhile");
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => selectionOf(page).count()).toBe(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
});

test("a stalled ingest that moves again while it is asked about is left alone", async () => {
  const { url, write } = await startPageServer(quickStall);
  const { page } = await visit(`${url}/ingests`);
  await using writer = await write("default", "slow", 0);
  await writer.write(Buffer.from("ab"));
  await page.getByRole("button", { name: "Abort 1 stalled…" }).click();
  await expect.poll(() => textOf(eachOf(page, "slow"))).toContain("2 B");
  await writer.write(Buffer.from("c"));
  await page.keyboard.press("Enter");
  await expect.poll(() => textOf(eachOf(page, "slow"))).toContain("moves again, left alone");
  await writer.write(Buffer.from("d"));
});

test("what an abort may not do is told a line each, and stays selected", async () => {
  const plugins = tellCalls(quickStall, (method) => {
    if (method.endsWith("Content/Abort")) throw new ContentError("permission-denied", "reader may not abort");
  });
  const { url, write } = await startPageServer(plugins);
  const { page } = await visit(`${url}/ingests`, { expectsLoss: true });
  await using a = await write("default", "first", 0);
  await a.write(Buffer.from("a"));
  await using b = await write("default", "second", 0);
  await b.write(Buffer.from("b"));
  await rowOf(page, "first").focus();
  await page.keyboard.press("Control+a");
  await expect.poll(() => textOf(selectionOf(page))).toContain("2 selected");
  await page.keyboard.press("a");
  await page.getByRole("button", { name: "Abort 2 ingests" }).click();
  await expect.poll(() => textOf(page.getByRole("dialog"))).toContain("0 of 2 ingests aborted, 2 failed");
  await expect.poll(() => textOf(eachOf(page, "first"))).toContain("permission denied: reader may not abort");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await expect.poll(() => textOf(selectionOf(page))).toContain("2 selected");
});

test("an abort that is not allowed says why, and the row is as it was", async () => {
  const plugins = tellCalls(builtinPlugins, (method) => {
    if (method.endsWith("Content/Abort")) throw new ContentError("permission-denied", "reader may not abort");
  });
  const { url, write } = await startPageServer(plugins);
  const { page } = await visit(`${url}/ingests`, { ...lenient, expectsLoss: true });
  await using writer = await write("default", "kept", 0);
  await writer.write(Buffer.from("a"));
  await rowOf(page, "kept").focus();
  // The next key may come at once: it must be the dialog's and not the row's below.
  const comesWithFocus = await watchComing(page, "[role=dialog]");
  await page.keyboard.press("a");
  expect(await comesWithFocus()).toBe(true);
  await page.keyboard.press("Enter");
  await expect.poll(() => textOf(page.getByRole("alert").filter({ hasText: "denied" }))).toContain("reader may not");
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Abort");
  await page.keyboard.press("Escape");
  await expect.poll(() => textOf(rowOf(page, "kept"))).toContain("active");
});

test("an abort on a page that holds still looks again first, and spares another ingest under the ref", async () => {
  const { url, write } = await startPageServer();
  const { page } = await visit(`${url}/ingests`, lenient);
  const writer = await write("default", "reused", 3);
  await writer.write(Buffer.from("abc"));
  await rowOf(page, "reused").focus();
  await page.keyboard.press("p");
  await page.getByText("Paused at").waitFor();
  await writer.commit();
  await using another = await write("default", "reused", 0);
  await another.write(Buffer.from("other"));
  await page.keyboard.press("a");
  await expect.poll(() => textOf(page.getByRole("dialog"))).toContain("it is looked at again first");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await another.write(Buffer.from("!"));
  await page.getByRole("main").getByRole("button", { name: "Resume" }).first().click();
  await expect.poll(() => textOf(rowOf(page, "6 B"))).toContain("active");
});

test("the number is typed where more than a hundred are to end, and a thousand are drawn as few rows", async () => {
  const { url, write } = await startPageServer();
  const refs = Array.from({ length: 1000 }, (_, index) => `ref-${String(index).padStart(4, "0")}`);
  for (let first = 0; first < refs.length; first += 20) {
    await Promise.all(
      refs.slice(first, first + 20).map(async (ref) => {
        await using writer = await write("default", ref, 10);
        await writer.write(Buffer.from("a"));
      }),
    );
  }
  const { page } = await visit(`${url}/ingests?sort=ref`);
  await page.getByText("1,000 ingests", { exact: true }).first().waitFor();
  expect(await rowsOf(page).count()).toBeLessThan(60);
  await rowsOf(page).first().focus();
  await page.keyboard.press("End");
  await expect.poll(() => textOf(page.locator("[role=row]:focus"))).toContain("ref-0999");
  await page.getByRole("combobox", { name: "Query" }).fill("ref:/^ref-00/ ref:/^ref-010[0-4]/");
  await page.getByText("105 of 1,000 ingests").first().waitFor();
  await rowsOf(page).first().focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("a");
  const act = page.getByRole("button", { name: "Abort 105 ingests" });
  await act.waitFor();
  await expect.poll(() => act.isDisabled()).toBe(true);
  await page.getByRole("dialog").getByRole("textbox").fill("105");
  await page.keyboard.press("Enter");
  await page.getByText("105 of 105 ingests aborted").waitFor();
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await expect.poll(() => textOf(page.getByRole("main"))).toContain("0 of 895 ingests");
});
