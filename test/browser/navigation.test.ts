import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createToken } from "../../content/remote/access.ts";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import type { Plugin } from "../../server/plugins/plugin.ts";
import { memoryStorePlugin } from "../../server/stores/memory/plugin.ts";
import { grpcTransport } from "../support/grpc.ts";
import { browserForTests, pressQuickly } from "./browser.ts";
import { startPageServer } from "./server.ts";
import { violations } from "./violations.ts";

const visit = browserForTests();

const main = (page: Page) => page.getByRole("navigation", { name: "Main" });

test("pages are in four lists, whose names are seen until the navigation is collapsed, and keys go to each", async () => {
  const { url } = await startPageServer();
  const { page } = await visit(`${url}/content`);
  await page.getByText("Live", { exact: true }).waitFor();
  for (const [group, pages] of [
    ["Look", ["Content", "Images"]],
    ["Now", ["Ingests", "Activity"]],
    ["Keep", ["Leases", "Compare"]],
    ["Admin", ["Namespaces", "Settings"]],
  ] as const) {
    const links = main(page).getByRole("list", { name: group }).getByRole("link");
    expect(await links.evaluateAll((all) => all.map((link) => link.getAttribute("aria-label")))).toEqual(pages);
  }
  const heading = main(page).getByText("Look", { exact: true });
  const height = async () => (await heading.boundingBox())?.height ?? 0;
  expect(await height()).toBeGreaterThan(16);
  for (const [keys, path] of [
    ["gm", "/images"],
    ["gx", "/compare"],
    ["gn", "/namespaces"],
  ] as const) {
    await pressQuickly(page, ...keys);
    await page.waitForURL(url + path);
  }
  await page.keyboard.press("[");
  await expect.poll(height).toBeLessThan(2);
  expect(await violations(page)).toEqual([]);
});

test("on a phone the top says which store, whether it is live, and who is there, and cuts nothing off", async () => {
  const others = [{ name: "archive", plugin: memoryStorePlugin as unknown as Plugin, config: {} }];
  const server = await startPageServer(builtinPlugins, {
    config: { "stores/configured": { others }, "auth/tokens": {} },
  });
  const draft = { name: "mei", role: "admin", stores: ["*"], namespaces: ["*"] } as const;
  const { text } = await createToken(grpcTransport(server.socket), draft);
  const { page } = await visit(`${server.url}/content?store=archive#token=${text}`, { width: 375 });
  const top = page.getByRole("banner");
  await top.getByRole("button", { name: "Account: mei, admin" }).waitFor();
  await top.getByRole("button", { name: "Connection: Live" }).waitFor();
  await top.getByRole("button", { name: "Store: archive" }).waitFor();
  const cut = () =>
    top
      .locator(".cut")
      .evaluateAll((all) => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => each.textContent));
  await expect.poll(cut).toEqual([]);
  const account = await top.getByRole("button", { name: /^Account/ }).boundingBox();
  expect((account?.x ?? 0) + (account?.width ?? 0)).toBeLessThanOrEqual(375);
  expect(await violations(page)).toEqual([]);
});
