import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createImage } from "../../content/remote/images.ts";
import { createLease } from "../../content/remote/leases.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { grpcTransport } from "../support/grpc.ts";
import { writeArchive } from "../support/oci-archive.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { browserForTests, clipboard, textOf } from "./browser.ts";
import type { PageServer } from "./server.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const rowsOf = (page: Page) => page.locator("[role=row][data-key]");
const rowOf = (page: Page, text: string) => rowsOf(page).filter({ hasText: text });
const dialog = (page: Page) => page.getByRole("dialog");

/** Import an archive of one small image with `ctr`, and give it more names. */
async function importImage(server: PageServer, name: string, content: string, ...tags: readonly string[]) {
  const path = join(await makeTempDir(), "image.tar");
  const archived = await writeArchive(path, name, content);
  for (const args of [["import", "--no-unpack", path], ...tags.map((tag) => ["tag", name, tag])]) {
    const { status, stderr } = await server.ctr(["-n", "images", "images", ...args]);
    expect([status, stderr]).toEqual([0, ""]);
  }
  return archived;
}

test("images come as ctr imports them: grouped by repository, one line for the names of a target, and each name goes by itself", async () => {
  const server = await startPageServer();
  const { page } = await visit(`${server.url}/images`);
  await page.getByText("There are no images").waitFor();
  await page.getByText("import --no-unpack image.tar").waitFor();

  await importImage(server, "example.com/team/app:1", "one", "example.com/team/app:latest");
  const { manifest } = await importImage(server, "example.com/team/app:2", "two");
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  const heading = page.getByRole("row").filter({ hasText: "together" });
  await expect
    .poll(() => textOf(heading))
    .toMatch(/^example\.com\/team\/appimages · 3 names · overlap 0 B · together [\d.]+ KiB$/);
  await expect.poll(() => textOf(rowOf(page, "latest"))).toContain("1, latest");
  await expect.poll(() => textOf(rowOf(page, "latest"))).toContain("amd643/3");

  await rowOf(page, "latest").focus();
  await page.keyboard.press("Delete");
  await dialog(page).getByText("Nothing is freed").waitFor();
  await dialog(page).getByRole("radio", { name: "example.com/team/app:latest" }).check();
  await dialog(page).getByRole("button", { name: "Untag", exact: true }).click();
  await dialog(page).waitFor({ state: "detached" });
  await expect
    .poll(async () => (await server.ctr(["-n", "images", "images", "ls", "-q"])).stdout)
    .toBe("example.com/team/app:1\nexample.com/team/app:2\n");
  await expect.poll(async () => textOf(rowsOf(page).first())).not.toContain("latest");

  await rowOf(page, manifest.slice(7, 15)).focus();
  await page.keyboard.press("t");
  await dialog(page).getByRole("textbox", { name: "New name" }).fill("example.com/team/app:1");
  await dialog(page).getByText("There is an image of this name").waitFor();
  await dialog(page).getByRole("textbox", { name: "New name" }).fill("example.com/other:stable");
  await page.keyboard.press("Enter");
  await rowOf(page, "stable").waitFor();
  await page.getByRole("button", { name: "Link" }).click();
  await expect.poll(() => clipboard(page)).toBe(`${server.url}/images`);

  await rowOf(page, "stable").focus();
  await page.keyboard.press("d");
  const downloaded = page.waitForEvent("download");
  await dialog(page).getByRole("button", { name: "Download" }).click();
  const download = await downloaded;
  expect(download.suggestedFilename()).toBe("other-stable.tar");
  const imported = join(await makeTempDir(), "exported.tar");
  await download.saveAs(imported);
  expect((await server.ctr(["-n", "again", "images", "import", "--no-unpack", imported])).status).toBe(0);
  expect((await server.ctr(["-n", "again", "images", "ls", "-q"])).stdout).toBe("example.com/other:stable\n");
});

test("a choice of images is untagged with a result for each, and a link shows query and panel", async () => {
  const server = await startPageServer();
  await importImage(server, "example.com/a:1", "one");
  await importImage(server, "example.com/b:1", "two");
  const transport = grpcTransport(server.socket);
  const digest = `sha256:${"0".repeat(64)}` as const;
  const target = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 7, annotations: {} };
  const labels = { team: "payments" };
  await createImage(transport, { namespace: "images" }, { name: "example.com/lost", labels, target });
  const { page } = await visit(`${server.url}/images?q=state:incomplete&peek=images/example.com/lost`);
  const panel = page.getByRole("complementary", { name: "Image" });
  await panel.getByText("1 blob that it needs is not here").waitFor();
  await panel.getByText("payments").waitFor();
  await expect.poll(() => textOf(panel.getByRole("list", { name: "Missing blobs" }))).toContain("00000000…00007 B");
  await expect.poll(() => textOf(rowsOf(page).first())).toMatch(/<none>.*0\/1/);
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });

  await page.getByRole("combobox", { name: "Query" }).fill("example.com");
  await expect.poll(() => rowsOf(page).count()).toBe(3);
  await rowOf(page, "lost").focus();
  await page.keyboard.press("F");
  await page.getByRole("menuitem", { name: "-state:incomplete" }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await rowOf(page, "a").first().focus();
  await page.keyboard.press("f");
  await page.getByRole("menuitem", { name: "name:example.com/a" }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await rowsOf(page).first().focus();
  await page.keyboard.press("Control+a");
  const bar = page.getByRole("region", { name: "Selection" });
  await page.getByRole("combobox", { name: "Query" }).fill("name:example.com/b");
  await bar.getByRole("button", { name: "1 outside this query" }).click();
  await expect.poll(() => textOf(rowsOf(page).first())).toContain("example.com/a");
  await page.getByRole("combobox", { name: "Query" }).fill("example.com");
  await expect.poll(() => rowsOf(page).count()).toBe(3);
  await rowsOf(page).first().focus();
  await page.keyboard.press("Control+a");
  await bar.getByText("3 selected").waitFor();
  await server.ctr(["-n", "images", "images", "rm", "example.com/b:1"]);
  await bar.getByText("1 gone").waitFor();
  await bar.getByRole("button", { name: "Untag…" }).click();
  await dialog(page)
    .getByRole("button", { name: /^Untag 2/ })
    .click();
  await dialog(page).getByText("2 of 2 names untagged").waitFor();
  await expect.poll(() => dialog(page).getByText("untagged", { exact: true }).count()).toBe(2);
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  await expect.poll(async () => (await server.ctr(["-n", "images", "images", "ls", "-q"])).stdout).toBe("");
});

test("a blob's page says what holds it, what the next collection takes, and where nothing is collected", async () => {
  const server = await startPageServer();
  const { config } = await importImage(server, "example.com/team/app:1", "one");
  const { page } = await visit(`${server.url}/blob?ns=images&d=${config}`);
  const link = page.getByRole("link", { name: "example.com/team/app:1" });
  await page.getByText("Held by image").waitFor();
  await link.click();
  await page.getByRole("complementary", { name: "Image" }).getByText("linux/amd64").waitFor();

  const kept = await server.put("plain", "kept");
  await page.goto(`${server.url}/blob?ns=plain&d=${kept}`);
  await page.getByText("Nothing holds it; nothing is collected in this namespace").waitFor();

  const transport = grpcTransport(server.socket);
  await createLease(transport, { namespace: "leased" }, { id: "a" });
  await using writer = await createRemoteStore(transport, { namespace: "leased", lease: "a" }).writer({ ref: "x" });
  await writer.write(Buffer.from("leased"));
  const leased = await writer.commit();
  await page.goto(`${server.url}/content?ns=leased&peek=leased/${leased}`);
  await page.getByText("Held by lease").waitFor();
});
