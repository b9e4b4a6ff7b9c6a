import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { browserForTests, copiedBy } from "./browser.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const addressOf = (url: string, namespace: string, digest: string) => `${url}/blob?ns=${namespace}&d=${digest}`;

test("labels are added, changed and removed, as ctr sees them too", async () => {
  const { url, put, ctr } = await startPageServer();
  const digest = await put("default", "a", { team: "payments" });
  const { page } = await visit(addressOf(url, "default", digest));
  const labels = page.getByRole("region", { name: "Labels" });
  const listed = async () => (await ctr(["content", "ls"])).stdout;

  await labels.getByRole("button", { name: "Add" }).click();
  await labels.getByRole("textbox", { name: "Key" }).fill("tier");
  await labels.getByRole("textbox", { name: "Value" }).fill("gold");
  await page.keyboard.press("Enter");
  await labels.getByText("gold", { exact: true }).waitFor();
  // The page shows a change before it is answered.
  await expect.poll(listed).toContain("team=payments,tier=gold");

  await labels.getByText("payments").hover();
  await labels.getByRole("button", { name: "Edit team" }).click();
  await labels.getByRole("textbox", { name: "Value of team" }).fill("billing");
  await labels.getByRole("button", { name: "Save" }).click();
  await labels.getByText("billing", { exact: true }).waitFor();
  await expect.poll(listed).toContain("team=billing,tier=gold");

  await labels.getByRole("button", { name: "Remove tier" }).click();
  await labels.getByText("gold").waitFor({ state: "detached" });
  await expect.poll(listed).not.toContain("tier");
});

test("a label that ctr sets is on the page without a reload", async () => {
  const { url, put, ctr } = await startPageServer();
  const digest = await put("default", "a");
  const { page } = await visit(addressOf(url, "default", digest));
  await page.getByText("No labels.").waitFor();
  await ctr(["content", "label", digest, "team=payments"]);
  await page.getByRole("region", { name: "Labels" }).getByText("payments").waitFor();
});

test("a label that collection reads is asked about before it goes", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("default", "a", { "containerd.io/gc.root": "now" });
  const { page } = await visit(addressOf(url, "default", digest));
  const remove = page.getByRole("button", { name: "Remove containerd.io/gc.root" });
  await remove.click();
  await page.getByRole("dialog").getByText("Collection reads this label").waitFor();
  // As it is for who is quicker than the popup.
  await remove.focus();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await remove.click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("No labels.").waitFor();
});

test("a label that is too long cannot be saved, and the form says so", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("default", "a");
  const { page } = await visit(addressOf(url, "default", digest));
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("textbox", { name: "Key" }).fill("key");
  await page.getByRole("textbox", { name: "Value" }).fill("é".repeat(2100));
  await page.getByText("4,203 of 4,096 bytes").waitFor();
  expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
});

test("text is shown as text, and in hex", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("default", '{\n  "a": "<script>window.harm=1</script>"\n}\n');
  const { page } = await visit(addressOf(url, "default", digest));
  const text = page.getByRole("region", { name: "Text, 3 lines" });
  await expect.poll(() => text.textContent()).toContain("<script>window.harm=1</script>");
  await page.getByRole("button", { name: "Hex" }).click();
  await expect.poll(() => page.getByRole("region", { name: "Hex" }).textContent()).toContain("7b 0a 20 20 22 61 22 3a");
  expect(await page.evaluate(() => "harm" in window)).toBe(false);
});

test("of a large blob the first part is read, and bytes that are no text are in hex", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("default", Buffer.alloc(3 << 20, 0xff));
  const { page, calls } = await visit(addressOf(url, "default", digest));
  await page.getByText("first 64.0 KiB of 3.00 MiB").waitFor();
  await page.getByRole("region", { name: "Hex" }).waitFor();
  expect(await page.getByRole("button", { name: "Text" }).isDisabled()).toBe(true);
  expect(calls.filter((path) => path.endsWith("/Read"))).toHaveLength(1);
});

test("the facts name every namespace that holds the blob", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("default", "a");
  await put("moby", "a");
  const { page } = await visit(addressOf(url, "default", digest));
  await page.getByRole("link", { name: "moby" }).click();
  await page.waitForURL(/ns=moby/);
  await page.getByRole("link", { name: "default" }).waitFor();
});

test("a download is the blob, byte for byte", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("default", "some bytes");
  const { page } = await visit(addressOf(url, "default", digest));
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download" }).click(),
  ]);
  expect(await readFile(await download.path(), "utf8")).toBe("some bytes");
  expect(download.suggestedFilename()).toBe(digest.slice("sha256:".length));
});

test("the lines of the copy menu work in a shell", async () => {
  const { url, put, shell } = await startPageServer();
  const digest = await put("moby", "some bytes");
  const { page } = await visit(addressOf(url, "moby", digest));
  const copied = (name: string) =>
    copiedBy(page, async () => {
      await page.getByRole("button", { name: "Copy", exact: true }).click();
      await page.getByRole("menuitem", { name, exact: true }).click();
    });
  expect(await copied("Digest")).toBe(digest);
  expect(await copied("Link")).toBe(page.url());
  expect((await shell(await copied("ctr content get"))).stdout).toBe("some bytes");
  expect((await shell(`${await copied("curl")} && cat sha256-*`)).stdout).toBe("some bytes");
  expect((await shell(await copied("ctr content label"))).status).toBe(0);
  await page.getByRole("region", { name: "Labels" }).getByText("value", { exact: true }).waitFor();
  expect((await shell(await copied("ctr content rm"))).status).toBe(0);
  await page.getByText("Deleted from namespace moby").first().waitFor();
});

test("addresses that name no blob say what is wrong with them", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("moby", "a");
  const { page } = await visit(`${url}/blob`, { expectsLoss: true });
  await page.getByRole("heading", { name: "This address names no blob" }).waitFor();
  await page.goto(`${url}/blob?d=sha256:abc`);
  await page.getByRole("heading", { name: "This is no digest" }).waitFor();
  await page.goto(addressOf(url, "default", digest));
  await page.getByRole("heading", { name: "Not found in namespace default" }).waitFor();
  await page.getByRole("link", { name: "It is in moby." }).click();
  await page.getByRole("region", { name: "Text, 1 line" }).waitFor();
});

test("at 768 pixels all acts of a blob are within the page", async () => {
  const { url, put } = await startPageServer();
  const digest = await put("default", "a");
  const { page } = await visit(addressOf(url, "default", digest), { width: 768 });
  const last = page.getByRole("button", { name: "Delete…" });
  await last.waitFor();
  const box = await last.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(768);
});
