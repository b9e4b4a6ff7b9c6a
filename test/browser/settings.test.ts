import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createToken, revokeToken } from "../../content/remote/access.ts";
import { grpcTransport } from "../support/grpc.ts";
import { browserForTests, clipboard, copiedBy, listens, pressQuickly } from "./browser.ts";
import type { PageServer } from "./server.ts";
import { startPageServer } from "./server.ts";
import { violations, violationsWithPopup } from "./violations.ts";

const visit = browserForTests();

/** A server where people sign in by tokens. */
const guarded = () => startPageServer(undefined, { config: { "auth/tokens": {} } });

/** Make a token on the server's machine. @returns follows an address, to sign in by it */
async function fragmentOf({ socket }: PageServer, role: "admin" | "reader"): Promise<string> {
  const draft = { name: role, role, stores: ["*"], namespaces: ["*"] };
  return `#token=${(await createToken(grpcTransport(socket), draft)).text}`;
}

/** What each tab shows once it is there. */
const tabs: Readonly<Record<string, string>> = {
  display: "Always powers of 1024",
  shortcuts: "Go to Content",
  thresholds: "Crawling below",
  stores: "the default one",
  tokens: "Revoke…",
  roles: "See who changed what",
  plugins: "introspection",
  about: "Copy diagnostics",
};

function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

test.each([
  ["light", 1440],
  ["dark", 375],
] as const)("every tab: no violation of WCAG that axe finds, in the %s theme at %i pixels", async (theme, width) => {
  const server = await guarded();
  const address = `${server.url}/settings${await fragmentOf(server, "admin")}`;
  const { page } = await visit(address, { theme, width });
  await page.getByRole("button", { name: "Account: admin, admin" }).waitFor();
  const links = page.getByRole("navigation", { name: "Settings" });
  for (const [tab, text] of Object.entries(tabs)) {
    await links.getByRole("link", { name: new RegExp(tab, "i") }).click();
    await page.getByText(text).first().waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.get("tab")).toBe(tab);
    expect([tab, await violations(page), await overflow(page)]).toEqual([tab, [], 0]);
  }
});

test("a token that is made here works, is shown once, and is refused once it is revoked", async () => {
  const server = await guarded();
  await server.put("moby", "a blob");
  const { page } = await visit(`${server.url}/settings?tab=tokens${await fragmentOf(server, "admin")}`);
  await page.getByRole("button", { name: "New…" }).click();
  const dialog = page.getByRole("dialog", { name: "New token" });
  const make = dialog.getByRole("button", { name: "Make token" });
  await dialog.getByLabel("Name", { exact: false }).first().fill("admin");
  await dialog.getByText("A valid token has this name").waitFor();
  expect(await make.isDisabled()).toBe(true);
  await dialog.getByLabel("Name", { exact: false }).first().fill("build.7");
  await dialog.getByLabel(/^Namespaces/).fill("moby, k8s.io");
  await dialog.getByLabel("Lasts").selectOption("7 days");
  expect(await violationsWithPopup(page)).toEqual([]);
  await make.click();
  const shown = page.getByRole("dialog", { name: "Token of build.7" });
  await shown.getByText("it is shown this once").waitFor();
  expect(await violationsWithPopup(page)).toEqual([]);
  const text = await copiedBy(page, () => shown.getByRole("button", { name: "Copy token" }).click());
  expect(text).toMatch(/^stw_/);
  const line = await copiedBy(page, () => shown.getByRole("button", { name: "Copy curl line" }).click());
  const { stdout } = await server.shell(line);
  expect(JSON.parse(stdout)).toMatchObject({
    session: { name: "build.7", role: "ROLE_READER", stores: ["*"], namespaces: ["moby", "k8s.io"] },
  });
  await shown.getByRole("button", { name: "Copy ctr line" }).click();
  await expect.poll(() => clipboard(page)).toContain("ctr -a");
  await shown.getByRole("button", { name: "Done" }).click();
  const opener = page.getByRole("button", { name: "New…" });
  await expect.poll(() => opener.evaluate((button) => button === document.activeElement)).toBe(true);
  await expect.poll(() => page.getByText(text).count()).toBe(0);

  const read = async () => {
    const headers = { authorization: `Bearer ${text}`, "content-type": "application/json" };
    const url = `${server.url}/stowage.v1.ServerService/ListStores`;
    return (await fetch(url, { method: "POST", headers, body: "{}" })).status;
  };
  expect(await read()).toBe(200);
  const row = page.getByRole("row").filter({ hasText: "build.7" });
  await row.getByText("moby, k8s.io").waitFor();
  await page.getByRole("button", { name: "Revoke build.7…" }).click();
  await page.getByText("It cannot be made valid again").waitFor();
  await page.keyboard.press("Enter");
  await row.getByText("revoked").waitFor();
  // Whoever works by keys goes on from there.
  await expect.poll(() => row.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await expect.poll(read).toBe(401);
});

test("tokens that are good stand before those that were, and say when they end", async () => {
  const server = await guarded();
  const fragment = await fragmentOf(server, "admin");
  const draft = { role: "reader", stores: ["*"], namespaces: ["*"] } as const;
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
  await createToken(grpcTransport(server.socket), { ...draft, name: "good", expiresAt: inDays(7.5) });
  const { token } = await createToken(grpcTransport(server.socket), { ...draft, name: "bad" });
  await revokeToken(grpcTransport(server.socket), token.id);
  const { page } = await visit(`${server.url}/settings?tab=tokens${fragment}`);
  const names = page.getByRole("table", { name: "Tokens" }).locator("tbody b");
  await names.filter({ hasText: "good" }).waitFor();
  expect((await names.allTextContents()).at(-1)).toBe("bad");
  await page
    .getByRole("row")
    .filter({ hasText: "good" })
    .getByText(/^in 7\sd/)
    .waitFor();
});

test("who is no admin sees neither tokens nor a way to make one, and why", async () => {
  const server = await guarded();
  const { page, calls } = await visit(`${server.url}/settings?tab=tokens${await fragmentOf(server, "reader")}`);
  await page.getByText("You are signed in as reader. Ask an admin").waitFor();
  expect(await page.getByRole("button", { name: "New…" }).count()).toBe(0);
  expect(calls.filter((call) => call.endsWith("/ListTokens"))).toEqual([]);
});

test("where nobody has to sign in there are neither tokens nor roles", async () => {
  const server = await startPageServer();
  const { page } = await visit(`${server.url}/settings?tab=tokens`);
  await page.getByText("No sign-in is configured").waitFor();
  await page.getByRole("link", { name: "About" }).click();
  await page.getByText("Copy diagnostics").waitFor();
  await expect.poll(() => page.getByRole("link", { name: "Tokens" }).count()).toBe(0);
  await expect.poll(() => page.getByRole("link", { name: "Roles" }).count()).toBe(0);
  await page.getByRole("button", { name: "Copy diagnostics" }).click();
  await expect.poll(() => clipboard(page)).toContain("plugin service introspection: open");
  expect(await clipboard(page)).toContain("sign-in not configured");
});

test("what is set holds at once, in another tab too, and is gone once it is reset", async () => {
  const server = await startPageServer();
  await server.put("default", "a blob");
  const { page, context } = await visit(`${server.url}/settings?tab=display`);
  const other = await context.newPage();
  await other.goto(`${server.url}/content`);
  const row = other.locator("[role=row][data-key]").first();
  await row.waitFor();
  const height = async () => (await row.boundingBox())?.height;
  const background = (of: Page) => of.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background(page);
  await expect.poll(height).toBe(32);
  await listens(page);
  await page.getByLabel("Compact, 28 px").check();
  await page.getByLabel("Dark").check();
  await expect.poll(height).toBe(28);
  await expect.poll(() => background(other)).not.toBe(light);
  await page.getByLabel("UTC").check();
  await other.getByRole("button", { name: /^Connection/ }).click();
  await other
    .getByText(/last heard at [\d:]+\sUTC/)
    .first()
    .waitFor();
  await other.reload();
  await row.waitFor();
  await expect.poll(height).toBe(28);
  await page.getByRole("button", { name: "Reset display" }).click();
  await expect.poll(height).toBe(32);
  await expect.poll(() => background(page)).toBe(light);
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
});

test("a key that is changed works in its place, a taken one is refused, and all are turned off together", async () => {
  const server = await startPageServer();
  const { page } = await visit(`${server.url}/settings?tab=shortcuts`);
  const key = page.getByLabel("Go to Images");
  await key.fill("g c");
  await key.press("Enter");
  await page.getByText("g c is taken: Go to Content").waitFor();
  await key.fill("z");
  await key.press("Enter");
  await page.getByRole("button", { name: "Back to g m: Go to Images" }).waitFor();
  await page.getByRole("heading", { name: "Settings" }).click();
  await pressQuickly(page, "g", "m");
  await page.keyboard.press("z");
  await page.getByText("There are no images").waitFor();
  await pressQuickly(page, "g", "s");
  await page.waitForURL(/settings/);
  await page.getByRole("link", { name: "Shortcuts" }).click();
  await page.getByLabel("Do nothing").check();
  await page.getByRole("heading", { name: "Settings" }).click();
  await page.keyboard.press("z");
  await page.keyboard.press("?");
  await page.getByLabel("Work", { exact: true }).check();
  await page.getByRole("heading", { name: "Settings" }).click();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/settings");
});

test("thresholds that are set decide what ingests are called", async () => {
  const server = await startPageServer();
  await using writer = await server.write("default", "a-ref", 0);
  await writer.write(Buffer.alloc(5));
  const { page, context } = await visit(`${server.url}/settings?tab=thresholds`);
  const other = await context.newPage();
  await other.goto(`${server.url}/ingests`);
  const row = other.getByRole("row").filter({ hasText: "a-ref" });
  await page.getByLabel("Waiting after").fill("30");
  await page.getByText("Between 1 s and 29 s").waitFor();
  await page.getByLabel("Waiting after").fill("29");
  await writer.write(Buffer.alloc(5));
  await row.getByText("active").waitFor();
  await page.getByLabel("Waiting after").fill("1");
  await row.getByText("waiting").waitFor();
  await expect.poll(() => row.locator("[data-row-tip]").getAttribute("data-tip")).toContain("no byte came for 1");
});
