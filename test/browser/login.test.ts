import type { Interceptor } from "@connectrpc/connect";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { AccessTokenDraft } from "../../content/remote/access.ts";
import { createToken, listTokens, revokeToken } from "../../content/remote/access.ts";
import { getSession } from "../../content/remote/session.ts";
import { connectTransport } from "../../content/remote/transport.ts";
import { grpcTransport } from "../support/grpc.ts";
import { browserForTests } from "./browser.ts";
import type { PageServer } from "./server.ts";
import { startPageServer } from "./server.ts";
import { violations, violationsWithPopup } from "./violations.ts";

const visit = browserForTests();

/** A server where people sign in by tokens. */
const guarded = () => startPageServer(undefined, { config: { "auth/tokens": {} } });

const everything = { stores: ["*"], namespaces: ["*"] } as const;

/** Make a token on the server's machine. @returns its text */
async function makeToken({ socket }: PageServer, draft: Partial<AccessTokenDraft> = {}): Promise<string> {
  const { text } = await createToken(grpcTransport(socket), { name: "mei", role: "admin", ...everything, ...draft });
  return text;
}

async function revoke({ socket }: PageServer, name: string): Promise<void> {
  const transport = grpcTransport(socket);
  const token = (await listTokens(transport)).find((each) => each.name === name);
  await revokeToken(transport, token?.id ?? "");
}

const field = (page: Page) => page.getByLabel("Token", { exact: true });

async function signIn(page: Page, token: string): Promise<void> {
  await field(page).fill(token);
  await page.keyboard.press("Enter");
}

const hasFocus = (page: Page) => field(page).evaluate((input) => input === document.activeElement);

const refused = (page: Page, words: string) => page.getByRole("alert").filter({ hasText: words }).waitFor();

/** Waits until a token is not good any more. */
async function outlive({ url }: PageServer, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const ask = () => getSession(connectTransport(url, { interceptors: [withHeaders(headers)] }));
  await expect.poll(async () => (await ask())?.session).toBeUndefined();
}

const withHeaders =
  (headers: Readonly<Record<string, string>>): Interceptor =>
  (next) =>
  (request) => {
    for (const [name, value] of Object.entries(headers)) request.header.set(name, value);
    return next(request);
  };

test("who is not signed in is led to Login, told why a token is no good, and back to the exact address", async () => {
  const server = await guarded();
  await server.put("moby", "a blob");
  const token = await makeToken(server);
  const old = await makeToken(server, { name: "old", expiresAt: new Date(Date.now() + 3000) });
  const address = `${server.url}/content?ns=moby&sort=-size#main`;
  const { page } = await visit(address, { expectsLoss: true });
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/login");
  await expect.poll(() => hasFocus(page)).toBe(true);
  expect(await violations(page)).toEqual([]);

  await signIn(page, "stw_wrong");
  await refused(page, "This token is not known here.");
  await expect.poll(() => hasFocus(page)).toBe(true);
  await outlive(server, old);
  await signIn(page, old);
  await refused(page, "This token expired");
  await page.getByRole("button", { name: "Show token" }).click();
  expect(await field(page).getAttribute("type")).toBe("text");
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 375, height: 812 });
  // The tip of what was pressed is there.
  expect(await violationsWithPopup(page)).toEqual([]);

  await signIn(page, `  ${token} `);
  await page.waitForURL(address);
  await page.getByText("6 B").first().waitFor();
  const { cookies } = await page.context().storageState();
  expect(cookies.map(({ httpOnly, sameSite }) => [httpOnly, sameSite])).toEqual([[true, "Strict"]]);
});

test("a link of another site cannot make Login lead there", async () => {
  const server = await guarded();
  const token = await makeToken(server);
  const { page } = await visit(`${server.url}/login?from=//evil.example/content`, { expectsLoss: true });
  // The form is in the page's HTML, and its field has the focus once it takes something.
  await expect.poll(() => hasFocus(page)).toBe(true);
  await signIn(page, token);
  await page.waitForURL(`${server.url}/content`);
});

test("who signs out is at Login, and in no page of another tab; nothing stays of what could be seen", async () => {
  const server = await guarded();
  await server.put("moby", "a blob");
  const token = await makeToken(server);
  const { page, context } = await visit(`${server.url}/content#token=${token}`, { expectsLoss: true });
  await page.getByText("6 B").first().waitFor();
  const other = await context.newPage();
  await other.goto(`${server.url}/ingests`);
  await other.getByRole("button", { name: "Account: mei, admin" }).waitFor();
  await page.getByRole("button", { name: "Account: mei, admin" }).click();
  await page.getByText("does everything").waitFor();
  expect(await violationsWithPopup(page)).toEqual([]);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await expect.poll(() => page.getByText("6 B").count()).toBe(0);
  await other.getByRole("dialog", { name: "Sign in again" }).waitFor();
});

test("the link of the ready line signs in on any page, once, and leaves no token in the address or the history", async () => {
  const server = await startPageServer(undefined, { oneTime: true });
  const link = `${server.url}/images?ns=moby${server.fragment?.slice(1)}`;
  const { page, context } = await visit(link, { expectsLoss: true });
  await page.getByText("There are no images").waitFor();
  await expect.poll(() => page.url()).toBe(`${server.url}/images?ns=moby`);
  await page.getByRole("link", { name: "Leases" }).click();
  await page.waitForURL(/leases/);
  await page.goBack();
  await page.waitForURL(`${server.url}/images?ns=moby`);

  // Once more in the same page, where somebody is signed in.
  const loaded = page.waitForEvent("load");
  await page.goto(link);
  await loaded;
  await page.getByText("There are no images").waitFor();
  await expect.poll(() => page.url()).toBe(`${server.url}/images?ns=moby`);

  await context.clearCookies();
  await page.goto("about:blank");
  await page.goto(link);
  await page.getByText("was used already").waitFor();
  await expect.poll(() => page.url()).toBe(`${server.url}/login?from=${encodeURIComponent("/images?ns=moby")}`);
});

test("a session that ends keeps the page, dims it and asks over it, and the page goes on", async () => {
  const server = await guarded();
  await server.put("moby", "a blob");
  const [first, second] = [await makeToken(server), await makeToken(server, { name: "mei-2" })];
  const { page } = await visit(`${server.url}/content?ns=moby#token=${first}`, { expectsLoss: true });
  await page.getByText("6 B").first().waitFor();
  await page.getByRole("button", { name: "Account: mei, admin" }).waitFor();
  await revoke(server, "mei");
  const dialog = page.getByRole("dialog", { name: "Sign in again" });
  await dialog.waitFor();
  await dialog.getByText("This token was revoked.").waitFor();
  expect(await page.getByText("6 B").count()).toBeGreaterThan(0);
  // The page behind is dimmed, and nothing on it can be reached.
  expect(await violations(page, ["region", "color-contrast"])).toEqual([]);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByText("What is below was shown before").waitFor();
  await page.getByRole("button", { name: "Sign in" }).click();
  const again = await makeToken(server);
  await signIn(page, again);
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Account: mei, admin" }).waitFor();
  await server.put("moby", "another blob");
  await page.getByText("12 B").first().waitFor();
  expect(page.url()).toBe(`${server.url}/content?ns=moby`);

  await revoke(server, "mei");
  await dialog.waitFor();
  const reloaded = page.waitForEvent("load");
  await signIn(page, second);
  await reloaded;
  await page.getByRole("button", { name: "Account: mei-2, admin" }).waitFor();
});

test("where nobody has to sign in Login says so, and no page has an account", async () => {
  const { url } = await startPageServer();
  const { page } = await visit(`${url}/login?from=/images`);
  await page.getByRole("heading", { name: "Open on this machine only" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole("link", { name: "Go on" }).click();
  await page.getByText("There are no images").waitFor();
  expect(await page.getByRole("button", { name: /^Account/ }).count()).toBe(0);
});
