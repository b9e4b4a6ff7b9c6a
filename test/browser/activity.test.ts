import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createToken } from "../../content/remote/access.ts";
import { createImage, updateImage } from "../../content/remote/images.ts";
import type { Role } from "../../content/remote/session.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { connectTransport } from "../../content/remote/transport.ts";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import { grpcTransport } from "../support/grpc.ts";
import { browserForTests, clipboard, pressQuickly, textOf } from "./browser.ts";
import type { PageServer } from "./server.ts";
import { startPageServer } from "./server.ts";
import { violations, violationsWithPopup } from "./violations.ts";

const visit = browserForTests();

const rowsOf = (page: Page) => page.locator("[role=row][data-key]");
const query = (page: Page) => page.getByRole("combobox", { name: "Query" });
const panel = (page: Page) => page.getByRole("complementary", { name: "Event" });

test("who deleted it is asked in three steps: who, from where, how many bytes", async () => {
  const server = await startPageServer();
  const digest = await server.put("moby", "x".repeat(5000));
  await server.put("moby", "another");
  await server.ctr(["-n", "moby", "content", "label", digest, "team=payments"]);
  await server.ctr(["-n", "moby", "content", "rm", digest]);

  const { page } = await visit(`${server.url}/content`, { expectsLoss: true });
  // The navigation is there before the page hears keys; rows are not.
  await rowsOf(page).first().waitFor();
  await pressQuickly(page, "g", "a");
  await expect.poll(() => rowsOf(page).count()).toBe(4);
  await page.getByText("4 events").waitFor();
  await page.getByRole("button", { name: "row 1 of 4" }).waitFor();
  await page.keyboard.press("?");
  const keys = page.getByRole("dialog", { name: "Keys" }).getByRole("listitem");
  await keys.filter({ hasText: "Go to Namespaces" }).waitFor();
  const lines = await keys.allTextContents();
  expect(lines).toEqual([...new Set(lines)]);
  await page.keyboard.press("Escape");
  await query(page).fill(`act:delete ${digest}`);
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await page.getByText("1 of 4 events").waitFor();
  const row = rowsOf(page).first();
  await expect.poll(() => textOf(row)).toMatch(/—unix socket grpc-go\/\S+delete blob.*ok4\.88 KiBmoby$/);

  await row.focus();
  await page.keyboard.press("Enter");
  await panel(page).getByText("Content/Delete").waitFor();
  await expect.poll(() => textOf(panel(page))).toContain("unix socketgrpc-go/");
  await expect.poll(() => textOf(panel(page))).toContain("5,000 B");
  await page.keyboard.press("j");
  expect(await violations(page)).toEqual([]);

  await panel(page).getByRole("link", { name: "Open what it is about" }).click();
  await page.getByText("Not found in namespace moby").waitFor();
  const part = page.getByRole("region", { name: "Activity" });
  await expect.poll(() => part.getByRole("listitem").count()).toBe(3);
  await expect.poll(() => textOf(part)).toMatch(/^Activity3Alldelete blob/);
});

/** Make a token on the server's machine. @returns its text */
async function tokenOf({ socket }: PageServer, name: string, role: Role): Promise<string> {
  const draft = { name, role, stores: ["*"], namespaces: ["*"] };
  return (await createToken(grpcTransport(socket), draft)).text;
}

test("an auditor asks the same, and may not do the like: what changes anything is locked, with who may", async () => {
  const server = await startPageServer(undefined, { config: { "auth/tokens": {} } });
  const digest = await server.put("moby", "x".repeat(5000));
  const other = await server.put("moby", "another");
  const mei = await tokenOf(server, "mei", "operator");
  const asMei = connectTransport(server.url, {
    interceptors: [
      (next) => (request) => {
        request.header.set("authorization", `Bearer ${mei}`);
        return next(request);
      },
    ],
  });
  await createRemoteStore(asMei, { namespace: "moby" }).delete(digest);

  const { page } = await visit(`${server.url}/content#token=${await tokenOf(server, "ann", "auditor")}`);
  await page.getByRole("button", { name: "Account: ann, auditor" }).waitFor();
  await pressQuickly(page, "g", "a");
  await page.getByText("kept since").waitFor();
  await query(page).fill(`act:delete ${digest}`);
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await expect.poll(() => textOf(rowsOf(page).first())).toMatch(/mei127\.0\.0\.1 .*delete blob.*ok4\.88 KiBmoby$/);

  await page.getByRole("link", { name: "Content", exact: true }).click();
  const row = rowsOf(page).filter({ hasText: other.slice(7, 15) });
  await row.focus();
  await page.keyboard.press("Delete");
  await page.getByText("auditor may look but not change anything; operator or admin may").first().waitFor();
  expect(await page.getByRole("dialog").count()).toBe(0);
  const upload = page.getByRole("button", { name: "Upload…" });
  await expect
    .poll(() => upload.getAttribute("aria-description"))
    .toBe("auditor may look but not change anything; operator or admin may");
});

test("a reader finds Activity locked, with who may see it", async () => {
  const server = await startPageServer(undefined, { config: { "auth/tokens": {} } });
  await server.put("moby", "a blob");
  const { page } = await visit(`${server.url}/content#token=${await tokenOf(server, "rob", "reader")}`);
  const link = page.getByRole("link", { name: "Activity", exact: true });
  const why = "reader may not; auditor, operator or admin may";
  await expect.poll(() => link.getAttribute("aria-description")).toBe(why);
  await pressQuickly(page, "g", "a");
  await page.getByRole("heading", { name: "You may not see who changed what" }).waitFor();
  await page.getByText(`${why}. An admin can give you a token that may.`).waitFor();
  expect(await page.getByRole("button", { name: "Export" }).count()).toBe(0);
  expect(await violations(page)).toEqual([]);
});

test("rows come as things happen, are filtered by, and tell what they changed", async () => {
  const server = await startPageServer();
  const transport = grpcTransport(server.socket);
  const { page } = await visit(`${server.url}/activity`);
  await page.getByText("Nothing was done yet").waitFor();
  expect(await violations(page)).toEqual([]);
  const digest = await server.put("n", "hello");
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  const store = createRemoteStore(transport, { namespace: "n" });
  await store.update({ digest, labels: { team: "payments" } }, ["labels.team"]);
  await store.update({ digest, labels: { team: "search" } }, ["labels.team"]);
  const target = { mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 5, annotations: {} };
  await createImage(transport, { namespace: "n" }, { name: "app:1", target, labels: {} });
  await updateImage(transport, { namespace: "n" }, { name: "app:1", target, labels: { a: "b" } }, []);
  await expect(store.abort("nothing")).rejects.toThrow();
  await expect.poll(() => rowsOf(page).count()).toBe(6);
  await expect.poll(() => textOf(rowsOf(page).first())).toContain("abort ingestnothingnot found");

  await rowsOf(page).nth(3).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => textOf(panel(page))).toContain("Changes 1label teambefore: paymentsafter: search");
  await expect.poll(() => page.url()).toMatch(/peek=3/);
  await page.keyboard.press("Escape");
  await panel(page).waitFor({ state: "detached" });

  await rowsOf(page).nth(1).focus();
  await page.keyboard.press("F");
  await page.getByRole("menuitem", { name: "-kind:image" }).waitFor();
  expect(await violationsWithPopup(page)).toEqual([]);
  await page.getByRole("menuitem", { name: "-kind:image" }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(4);
  await expect.poll(() => query(page).inputValue()).toBe("-kind:image");
  await rowsOf(page).first().focus();
  await page.keyboard.press("c");
  await expect.poll(() => clipboard(page)).toBe("nothing");

  await page.getByRole("button", { name: "Export" }).click();
  const downloading = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "Export CSV" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toMatch(/^stowage-activity-.*\.csv$/);
  const lines = (await readFile(await download.path(), "utf8")).trimEnd().split("\r\n");
  expect(lines.map((line) => line.split(",")[5])).toEqual(["act", "abort", "label", "label", "write"]);

  await query(page).fill("act:collect kind:blob");
  await page.getByText("Without act:collect there are 3 events").waitFor();
  await page.getByRole("button", { name: "Without act:collect" }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(3);
});

test("older events come as one goes down, and new ones leave the row that is read where it is", async () => {
  const server = await startPageServer();
  const store = createRemoteStore(grpcTransport(server.socket), { namespace: "n" });
  const digest = await server.put("n", "hello");
  const label = (from: number, to: number) =>
    Promise.all(
      Array.from({ length: to - from }, (_, index) =>
        store.update({ digest, labels: { index: `${from + index}` } }, ["labels.index"]),
      ),
    );
  for (let from = 0; from < 1300; from += 100) await label(from, from + 100);
  const { page } = await visit(`${server.url}/activity`);
  await page.getByText("1,301 events").waitFor();
  await page.getByText("older ones come as you go down").waitFor();
  const complete = page.getByText("complete", { exact: true });
  await rowsOf(page).first().focus();
  // Older ones come to who is at the end of those that are here, and no key is wanted more often than they come.
  await expect
    .poll(async () => {
      await page.keyboard.press("End");
      return complete.count();
    })
    .toBe(1);
  await page.keyboard.press("End");
  await expect.poll(() => textOf(rowsOf(page).last())).toContain("write blob");
  await expect.poll(() => page.getByRole("grid").getAttribute("aria-rowcount")).toBe("1302");
  await label(0, 5);
  await page.getByRole("button", { name: "5 new above" }).waitFor();
  await expect.poll(() => textOf(rowsOf(page).last())).toContain("write blob");
});

test("a phone shows cards, in the dark too, and a server without an audit says so", async () => {
  const server = await startPageServer();
  await server.put("n", "hello");
  await expect.poll(async () => (await fetch(`${server.url}/-/audit?format=ndjson`)).text()).toContain("write");
  const { page } = await visit(`${server.url}/activity`, { width: 375, theme: "dark" });
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  expect((await rowsOf(page).first().boundingBox())?.height).toBe(64);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  expect(await violations(page)).toEqual([]);

  const without = await startPageServer(builtinPlugins.filter(({ type }) => type !== "audit"));
  const other = await visit(`${without.url}/activity`, { expectsLoss: true });
  await other.page.getByText("This server keeps no activity").waitFor();
});
