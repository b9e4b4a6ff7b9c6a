import { expect, test } from "vitest";
import { createToken } from "../../content/remote/access.ts";
import { grpcTransport } from "../support/grpc.ts";
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

test("where people sign in, the curl line takes a token, and who may not write is told why instead", async () => {
  const { url, socket, shell } = await startPageServer(undefined, { config: { "auth/tokens": {} } });
  const everything = { stores: ["*"], namespaces: ["*"] };
  const make = (role: "reader" | "operator") =>
    createToken(grpcTransport(socket), { name: role, role, ...everything }).then(({ text }) => text);
  const { page: readers } = await visit(`${url}/content#token=${await make("reader")}`);
  await readers.getByText("reader may look but not change anything; operator or admin may").waitFor();
  expect(await readers.getByText("Write a blob from a terminal").count()).toBe(0);

  const token = await make("operator");
  const { page } = await visit(`${url}/content#token=${token}`);
  await page.getByText("TOKEN is a token of yours").waitFor();
  const line = await copiedBy(page, () => page.getByRole("button", { name: "Copy curl line" }).click());
  expect(await shell(`TOKEN=${token}; ${line}`)).toMatchObject({ status: 0 });
  await page.locator("[role=row][data-key]").filter({ hasText: "5891b5b5" }).waitFor();
});
