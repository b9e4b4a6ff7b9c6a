import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import { catalogPlugin } from "../../server/services/catalog.ts";
import { browserForTests, pressQuickly, textOf } from "./browser.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const rowsOf = (page: Page) => page.locator("[role=row][data-key]");
const rowOf = (page: Page, text: string) => rowsOf(page).filter({ hasText: text });
const dialog = (page: Page) => page.getByRole("dialog");

test("namespaces are created, labelled and deleted, and one that is not empty says what is left and where", async () => {
  const server = await startPageServer();
  await server.put("moby", "b".repeat(2048));
  const { page } = await visit(`${server.url}/namespaces`);
  await rowOf(page, "moby").waitFor();
  await expect.poll(() => textOf(rowOf(page, "moby"))).toMatch(/^moby1 blob2\.00 KiB2\.00 KiB0.*nonekeeps all$/);

  await page.keyboard.press("n");
  const name = dialog(page).getByRole("textbox", { name: "Name" });
  await name.fill("not-");
  await dialog(page).getByText("A name is letters and digits").waitFor();
  await name.fill("moby");
  await dialog(page).getByText("There is such a namespace").waitFor();
  await name.fill("fresh");
  await page.keyboard.press("Enter");
  await dialog(page).waitFor({ state: "detached" });
  await rowOf(page, "fresh").click();
  const panel = page.getByRole("complementary", { name: "Namespace" });
  await panel.getByRole("button", { name: "Add" }).click();
  await panel.getByRole("textbox", { name: "Key" }).fill("team");
  await panel.getByRole("textbox", { name: "Value" }).fill("payments");
  await page.keyboard.press("Enter");
  await panel.getByText("payments").waitFor();
  // The page shows a change before it is answered.
  await expect.poll(async () => (await server.ctr(["namespaces", "ls"])).stdout).toMatch(/fresh +team=payments/);

  await rowOf(page, "fresh").focus();
  await page.keyboard.press("Delete");
  await dialog(page).getByText("It is empty").waitFor();
  await dialog(page).getByRole("button", { name: "Delete" }).click();
  await rowOf(page, "fresh").waitFor({ state: "detached" });
  expect((await server.ctr(["namespaces", "ls", "-q"])).stdout).toBe("moby\n");

  await rowOf(page, "moby").focus();
  await page.keyboard.press("Delete");
  await expect.poll(() => dialog(page).getByRole("button", { name: "Delete" }).isDisabled()).toBe(true);
  await dialog(page).getByRole("link", { name: "1 blob" }).click();
  await page.waitForURL("**/content?ns=moby");
  await expect.poll(() => rowsOf(page).count()).toBe(1);
});

test("a server without a catalog says that it does not tell, and still has its namespaces' names", async () => {
  const server = await startPageServer(builtinPlugins.filter((plugin) => plugin !== catalogPlugin));
  const blob = await server.put("moby", "b");
  const { page } = await visit(`${server.url}/namespaces`, { expectsLoss: true });
  await page.getByText("This server does not tell its namespaces").waitFor();
  await page.getByRole("link", { name: "moby" }).click();
  await page.waitForURL("**/content?ns=moby");
  for (const [keys, words] of [
    ["m", "This server does not tell its images"],
    ["l", "This server does not tell its leases"],
  ] as const) {
    await pressQuickly(page, "g", keys);
    await page.getByText(words).waitFor();
  }
  await page.goto(`${server.url}/blob?ns=moby&d=${blob}`);
  await page.getByText("created").first().waitFor();
  expect(await page.getByText("holds it").count()).toBe(0);
});
