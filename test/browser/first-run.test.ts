import { expect, test } from "vitest";
import { browserForTests, copiedBy, textOf } from "./browser.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

test.each(["ctr", "curl"])("the %s line of the empty page works as it is copied, and the row appears", async (tool) => {
  const { url, socket, shell } = await startPageServer();
  const { page } = await visit(url);
  await page.getByRole("heading", { name: "Nothing is stored here yet" }).waitFor();
  const way = page.getByRole("region", { name: "Write a blob from a terminal" });
  await expect.poll(() => way.locator("code").allTextContents()).toHaveLength(2);
  const line = await copiedBy(page, () => way.getByRole("button", { name: `Copy ${tool} line` }).click());
  expect(await way.locator("code").allTextContents()).toContain(line);
  expect(line).toContain(tool === "ctr" ? socket : url);
  expect(await shell(line)).toMatchObject({ status: 0 });
  const row = page.locator("[role=row][data-key]").filter({ hasText: "5891b5b5" });
  await row.waitFor();
  expect(await textOf(row)).toContain("default");
});

test("the lines write into the namespace that is chosen", async () => {
  const { url, shell, ctr } = await startPageServer();
  const { page } = await visit(`${url}/content?ns=team-a`);
  for (const tool of ["ctr", "curl"]) {
    const line = await copiedBy(page, () => page.getByRole("button", { name: `Copy ${tool} line` }).click());
    expect(await shell(line)).toMatchObject({ status: 0 });
    await page.locator("[role=row][data-key]").waitFor();
    expect((await ctr(["-n", "team-a", "content", "rm", helloDigest])).status).toBe(0);
    await page.getByRole("heading", { name: "Nothing is stored here yet" }).waitFor();
  }
});

const helloDigest = "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";

test("the line of the empty ingests writes so slowly that it is seen", async () => {
  const { url, shell } = await startPageServer();
  const { page } = await visit(`${url}/ingests`);
  const done = shell(await copiedBy(page, () => page.getByRole("button", { name: "Copy ctr line" }).click()));
  const row = page.locator("[role=row][data-key]").filter({ hasText: "slow" });
  await expect.poll(() => textOf(row.first())).toContain("MiB");
  expect(await done).toMatchObject({ status: 0 });
  await page.getByText("committed").first().waitFor();
});
