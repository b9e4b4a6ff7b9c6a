import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { addLeaseResource, createLease } from "../../content/remote/leases.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { grpcTransport } from "../support/grpc.ts";
import { browserForTests, textOf } from "./browser.ts";
import { startPageServer } from "./server.ts";

const visit = browserForTests();

const rowsOf = (page: Page) => page.locator("[role=row][data-key]");
const rowOf = (page: Page, text: string) => rowsOf(page).filter({ hasText: text });
const dialog = (page: Page) => page.getByRole("dialog");

/** Make a lease older than it is, while its server is away. */
function age(socket: string, id: string, days: number): void {
  using database = new DatabaseSync(join(dirname(socket), "metadata.db"));
  const micros = days * 24 * 3_600_000_000;
  database.prepare("update lease set created_at = created_at - ? where id = ?").run(micros, id);
}

test("a lease that leaks stands first, is extended, and warns before it goes while an ingest uses it", async () => {
  const server = await startPageServer();
  const transport = grpcTransport(server.socket);
  await createLease(transport, { namespace: "moby" }, { id: "forgotten", labels: { owner: "mei" } });
  const leased = createRemoteStore(transport, { namespace: "moby", lease: "forgotten" });
  await using blob = await leased.writer({ ref: "blob" });
  await blob.write(Buffer.alloc(5000));
  await blob.commit();
  await server.stop();
  age(server.socket, "forgotten", 31);
  await server.start();
  await server.ctr(["-n", "moby", "leases", "create", "--id", "pull", "--expires", "23h"]);

  const { page } = await visit(`${server.url}/content`);
  const link = page.getByRole("link", { name: "Leases, 1 in trouble" });
  await expect
    .poll(() => link.getAttribute("data-tip"))
    .toMatch(/^1\slease without an end, older than a day\nLooked at \d\d:\d\d/);
  await link.click();
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  const forgotten = rowOf(page, "forgotten");
  await expect.poll(() => textOf(forgotten)).toMatch(/^leakedforgotten31 dnever1 blob4\.88 KiB4\.88 KiB1owner/);
  await expect.poll(() => textOf(rowsOf(page).first())).toContain("forgotten");
  await expect.poll(() => textOf(rowOf(page, "pull"))).toMatch(/expiringpull.*in 22 h 5\d m/);
  await page.getByText("1 leaked").waitFor();

  await forgotten.focus();
  await page.keyboard.press("e");
  await dialog(page).getByRole("radio", { name: "7 days from now" }).check();
  await page.keyboard.press("Enter");
  await dialog(page).waitFor({ state: "detached" });
  await expect.poll(() => textOf(forgotten)).toMatch(/^expiringforgotten31 din 6 d/);
  await page.getByRole("link", { name: "Leases", exact: true }).waitFor();
  const { stdout } = await server.ctr(["-n", "moby", "leases", "ls"]);
  expect(stdout).toMatch(/forgotten.*containerd\.io\/gc\.expire=/);

  await forgotten.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("complementary", { name: "Lease" }).getByRole("button", { name: "Activity" }).click();
  await expect.poll(() => textOf(rowsOf(page).first())).toContain("extend lease");
  expect(new URL(page.url()).searchParams.get("q")).toBe("kind:lease object:forgotten");
  await page.goBack();

  const client = grpcTransport(server.socket);
  await using writer = await createRemoteStore(client, { namespace: "moby", lease: "forgotten" }).writer({
    ref: "layer-under-way",
  });
  await writer.write(Buffer.alloc(10));
  await page.getByText("1 in use").waitFor();
  await forgotten.focus();
  await page.keyboard.press("Delete");
  await dialog(page).getByText("1 ingest is being written under it").waitFor();
  await dialog(page).getByText("layer-under-way").waitFor();
  await dialog(page).getByRole("button", { name: "Expire now" }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(1);
});

test("leases of a query are expired together, with a result for each", async () => {
  const server = await startPageServer();
  const transport = grpcTransport(server.socket);
  for (const id of ["a-1", "a-2", "b-1"]) await createLease(transport, { namespace: "moby" }, { id });
  await addLeaseResource(transport, { namespace: "moby" }, "b-1", { type: "snapshots/overlayfs", id: "x" });
  const { page } = await visit(`${server.url}/leases?q=a-&ns=moby`);
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await rowsOf(page).first().focus();
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Delete");
  await dialog(page)
    .getByRole("button", { name: /^Expire 2/ })
    .click();
  await dialog(page).getByText("2 of 2 leases expired").waitFor();
  await dialog(page).getByRole("button", { name: "Close" }).last().click();
  await page.getByText("No lease matches").waitFor();
  await page.getByRole("button", { name: "Clear query" }).last().click();
  await rowOf(page, "b-1").waitFor();
  await expect.poll(() => textOf(rowsOf(page).first())).toContain("1 snapshot");
});
