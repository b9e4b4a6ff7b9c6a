import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import { browserForTests, clipboard, pressQuickly } from "./browser.ts";
import { countCalls } from "./counted-calls.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const rowsOf = (page: Page) => page.locator("[role=row][data-key]");
const hexOf = (digest: string) => digest.slice("sha256:".length, "sha256:".length + 8);

test("a blob that ctr ingests is on the page within a second of its commit, without a reload", async () => {
  const { url, ctr, put } = await startPageServer();
  await put("default", "first");
  const { page } = await visit(`${url}/content`);
  await rowsOf(page).first().waitFor();
  await page.evaluate(() => Object.assign(window, { isSamePage: true }));
  expect(await ctr(["content", "ingest", "hello"], { input: "hello\n" })).toMatchObject({ status: 0 });
  await rowsOf(page).filter({ hasText: "5891b5b5" }).waitFor();
  await page.getByText("2 blobs").waitFor();
  expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
});

test("the newest blob is on top, and another order is the server's, over all namespaces", async () => {
  const { url, put } = await startPageServer();
  const large = await put("moby", "x".repeat(5000));
  const small = await put("k8s.io", "x");
  const { page } = await visit(`${url}/content`);
  await expect.poll(() => rowsOf(page).first().textContent()).toContain(hexOf(small));
  await page.getByRole("button", { name: "Size" }).click();
  await expect.poll(() => rowsOf(page).first().textContent()).toContain(hexOf(large));
  await page.waitForURL(/sort=-size/);
  expect(await page.getByRole("columnheader", { name: "Size" }).getAttribute("aria-sort")).toBe("descending");
  expect(await rowsOf(page).first().textContent()).toContain("moby");
});

test("a namespace is chosen from those that there are, and the address keeps it", async () => {
  const { url, put } = await startPageServer();
  await put("moby", "a");
  await put("k8s.io", "b");
  const { page } = await visit(`${url}/content`);
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await page.getByRole("button", { name: "Namespaces: All namespaces" }).click();
  await page.getByRole("menuitemcheckbox", { name: "moby" }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await page.waitForURL(/ns=moby/);
  await page.reload();
  await expect.poll(() => rowsOf(page).count()).toBe(1);
});

test("fields, regular expressions and the start of a digest choose rows, of all that are stored", async () => {
  const { url, put } = await startPageServer();
  const paid = await put("default", "a", { team: "payments" });
  const big = await put("default", "b".repeat(3000));
  const { page } = await visit(`${url}/content`);
  const query = page.getByRole("combobox", { name: "Query" });
  const isAnswer = (digest: string) => async () => {
    const texts = await rowsOf(page).allTextContents();
    return texts.length === 1 && texts[0]?.includes(hexOf(digest));
  };
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  for (const [text, digest] of [
    ["size:>2KiB", big],
    ["/^team=pay/", paid],
    [hexOf(big), big],
    ["label:team=payments", paid],
  ] as const) {
    await query.fill(text);
    await expect.poll(isAnswer(digest)).toBe(true);
    await page.getByText("1 of 2 blobs").waitFor();
  }
  await page.getByRole("button", { name: "Clear query" }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(2);
});

test("a query that is wrong says where and why, and keeps the rows of the last one", async () => {
  const { url, put } = await startPageServer();
  await put("default", "a");
  const { page } = await visit(`${url}/content`);
  await rowsOf(page).first().waitFor();
  const query = page.getByRole("combobox", { name: "Query" });
  for (const [text, wrong] of [
    ["size:>>1", ">1"],
    ["/a(b/", "a(b"],
  ] as const) {
    await query.fill(text);
    const fault = page.locator("#query-fault");
    await expect.poll(() => fault.locator("mark").textContent()).toContain(wrong.slice(-1));
    expect(await fault.locator("code").textContent()).toBe(text);
    expect(await query.getAttribute("aria-invalid")).toBe("true");
    expect(await rowsOf(page).count()).toBe(1);
  }
  await query.fill("");
  await expect.poll(() => page.locator("#query-fault").count()).toBe(0);
});

test("a query without a match says so and can be cleared", async () => {
  const { url, put } = await startPageServer();
  await put("default", "a");
  const { page } = await visit(`${url}/content?q=size%3A9999`);
  await page.getByRole("heading", { name: "No blob matches" }).waitFor();
  await page.getByText("0 of 1 blob").waitFor();
  await page.getByRole("button", { name: "Clear query" }).last().click();
  await rowsOf(page).first().waitFor();
});

test("a delete asks first, does it once it is confirmed, and the row is seen to go", async () => {
  const { url, put, ctr } = await startPageServer();
  const digest = await put("default", "a");
  await put("moby", "a");
  const { page, calls } = await visit(`${url}/content?ns=default`);
  await rowsOf(page).first().hover();
  await page.getByRole("button", { name: "Delete…" }).click();
  const dialog = page.getByRole("dialog");
  await expect.poll(() => dialog.textContent()).toContain("from namespace default");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  expect(await rowsOf(page).count()).toBe(1);

  await page.getByRole("button", { name: "Delete…" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await rowsOf(page).filter({ hasText: "deleted" }).waitFor();
  expect(calls).toContain("containerd.services.content.v1.Content/Delete");
  expect((await ctr(["content", "ls", "-q"])).stdout).toBe("");
  expect((await ctr(["-n", "moby", "content", "ls", "-q"])).stdout).toBe(`${digest}\n`);
});

test("a delete that the server refuses says why and leaves the row", async () => {
  const { url, put, ctr } = await startPageServer();
  const digest = await put("default", "a");
  const { page } = await visit(`${url}/content`, { expectsLoss: true });
  await rowsOf(page).first().waitFor();
  await page.keyboard.press("p");
  await page.getByText(/^Paused at/).waitFor();
  await ctr(["content", "rm", digest]);
  await rowsOf(page).first().hover();
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect.poll(() => page.getByRole("alert").first().textContent()).toContain("not found");
});

test("the page is walked by keys alone", async () => {
  const { url, put } = await startPageServer();
  const digests = [await put("default", "a"), await put("default", "b"), await put("default", "c")].toReversed();
  const { page } = await visit(`${url}/content`);
  await expect.poll(() => rowsOf(page).count()).toBe(3);
  const focused = () =>
    page.evaluate(() => document.activeElement?.getAttribute("data-key") ?? document.activeElement?.tagName);
  await rowsOf(page).first().focus();
  await page.keyboard.press("j");
  expect(await focused()).toBe(`default ${digests[1]}`);
  await page.keyboard.press("End");
  expect(await focused()).toBe(`default ${digests[2]}`);
  await page.keyboard.press("k");
  await page.keyboard.press("c");
  await expect.poll(() => clipboard(page)).toBe(digests[1]);
  await page.keyboard.press("Delete");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(focused).toBe(`default ${digests[1]}`);
  await page.keyboard.press("Delete");
  await page.getByRole("dialog").waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Delete");
  await page.keyboard.press("Enter");
  await rowsOf(page).filter({ hasText: "deleted" }).waitFor();
  await pressQuickly(page, "g", "i");
  await page.waitForURL(/\/ingests/);
  await expect.poll(focused).toBe("H1");
  await pressQuickly(page, "g", "c");
  await page.waitForURL(/\/content/);
  // The address comes before the page.
  await rowsOf(page).first().waitFor();
  await page.keyboard.press("/");
  await expect.poll(focused).toBe("INPUT");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await rowsOf(page).first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Blob" }).waitFor();
  // The address follows a moment later, and would follow the next one too.
  await page.waitForURL(/peek=/);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/blob\?ns=default&d=sha256/);
});

test("keys of two letters work while a row has the focus", async () => {
  const { url, put } = await startPageServer();
  await put("default", "a");
  const { page } = await visit(`${url}/content`);
  await page.evaluate(() => navigator.clipboard.writeText("untouched"));
  await rowsOf(page).first().focus();
  await pressQuickly(page, "g", "c");
  await pressQuickly(page, "g", "i");
  await page.waitForURL(/\/ingests/);
  expect(await clipboard(page)).toBe("untouched");
});

test("single keys can be turned off, and stay off", async () => {
  const { url } = await startPageServer();
  const { page } = await visit(`${url}/content`);
  await page.getByText("Nothing is stored here yet").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: "Single keys work" }).uncheck();
  await page.keyboard.press("Escape");
  await page.reload();
  await page.getByText("Nothing is stored here yet").waitFor();
  await page.keyboard.press("?");
  await page.keyboard.press("p");
  await page.getByText("Live", { exact: true }).waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
});

test("labels that look like HTML, or reorder text, stay text", async () => {
  const { url, put } = await startPageServer();
  const html = '<img src=x onerror="window.harm=1"><b>bold</b>';
  await put("default", "a", { [html]: html, "right\u202eleft": "\u001b[31mred" });
  const { page } = await visit(`${url}/content`);
  const row = rowsOf(page).first();
  await expect.poll(() => row.textContent()).toContain("<img src=x");
  expect(await row.textContent()).not.toContain("\u202e");
  await row.press("Enter");
  await row.press("Enter");
  await expect.poll(() => page.getByRole("region", { name: "Labels" }).textContent()).toContain("<b>bold</b>");
  const text = await page.getByRole("region", { name: "Labels" }).textContent();
  expect(text).toContain("right⟨202E⟩left");
  expect(text).toContain("␛[31mred");
  expect(await page.evaluate(() => "harm" in window)).toBe(false);
});

test("changes that are made while the page is paused wait, and are shown once it goes on", async () => {
  const { url, put } = await startPageServer();
  await put("default", "a");
  const { page } = await visit(`${url}/content`);
  await rowsOf(page).first().waitFor();
  await page.keyboard.press("p");
  await page.getByText(/^Paused at/).waitFor();
  await put("default", "b");
  await page.getByText(/[1-9]\d* changes? waits?/).waitFor();
  expect(await rowsOf(page).count()).toBe(1);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(2);
});

test("what does not follow changes is asked of containerd's Content, and what does of ContentService", async () => {
  const counted = countCalls(builtinPlugins);
  const { url, write } = await startPageServer(counted.plugins);
  await using writer = await write("default", "a", 1);
  await writer.write(Buffer.from("a"));
  const digest = await writer.commit();
  const { page, calls } = await visit(`${url}/content`);
  await rowsOf(page)
    .first()
    .click({ position: { x: 600, y: 10 } });
  await page.getByRole("link", { name: "Open page" }).click();
  await page.waitForURL(/\/blob/);
  await page.getByRole("region", { name: "Text, 1 line" }).waitFor();
  await page.keyboard.press("l");
  await page.getByRole("textbox", { name: "Key" }).fill("team");
  await page.getByRole("textbox", { name: "Value" }).fill("payments");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("payments", { exact: true }).waitFor();
  await page.keyboard.press("Delete");
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await page.getByText(`Deleted from namespace default`).first().waitFor();
  const made = () => [...new Set(calls)].toSorted();
  await expect
    .poll(made)
    .toEqual(
      [
        "containerd.services.content.v1.Content/Delete",
        "containerd.services.content.v1.Content/Info",
        "containerd.services.content.v1.Content/Read",
        "containerd.services.content.v1.Content/Update",
        "containerd.services.namespaces.v1.Namespaces/List",
        "stowage.v1.AuditService/ListEventsPage",
        "stowage.v1.CatalogService/GetHold",
        "stowage.v1.CatalogService/GetTrouble",
        "stowage.v1.AccessService/GetSession",
        "stowage.v1.ServerService/GetServer",
        "stowage.v1.ServerService/ListStores",
      ].toSorted(),
    );
  const ofService = [...counted.called].filter((method) => method.startsWith("stowage.v1.ContentService/"));
  expect(ofService.toSorted()).toEqual(["stowage.v1.ContentService/List", "stowage.v1.ContentService/Status"]);
  expect(digest).toMatch(/^sha256:/);
});
