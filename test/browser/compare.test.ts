import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Digest } from "../../content/digest.ts";
import { readBytes } from "../../content/read-blob.ts";
import { createImage } from "../../content/remote/images.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { builtinPlugins } from "../../server/plugins/builtin.ts";
import type { Plugin } from "../../server/plugins/plugin.ts";
import { remoteStorePlugin } from "../../server/relay/plugin.ts";
import { memoryStorePlugin } from "../../server/stores/memory/plugin.ts";
import { grpcTransport } from "../support/grpc.ts";
import { browserForTests, clipboard, listens, pressQuickly, textOf } from "./browser.ts";
import { startPageServer } from "./server.ts";
import { violations, violationsWithPopup } from "./violations.ts";

const visit = browserForTests();

const figure = (page: Page, name: string) =>
  page.getByRole("group", { name: "What A and B have" }).getByRole("button", { name });
/** Of what the first collection of a namespace with images is not to take. */
const kept = { "containerd.io/gc.root": "test" };

const rowsOf = (page: Page) => page.locator("[role=row][data-key]");
const side = (page: Page, name: "A" | "B") => page.getByRole("region", { name: `Side ${name}` });

/** A hub with a store of its own, one beside it, and a node's; the node is a server of its own. */
async function startHub() {
  const node = await startPageServer();
  const others = [
    { name: "beside", plugin: memoryStorePlugin as unknown as Plugin, config: {} },
    { name: "node-9", plugin: remoteStorePlugin as unknown as Plugin, config: { url: node.url, allow_changes: true } },
    { name: "sealed", plugin: remoteStorePlugin as unknown as Plugin, config: { url: node.url } },
  ];
  const hub = await startPageServer(builtinPlugins, { config: { "stores/configured": { others } } });
  return { hub, node };
}

/** Goes to a button from where the focus is, and chooses from its menu. @param letters the item begins with */
async function chooseByKeys(page: Page, button: string, letters: string): Promise<void> {
  const has = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  for (let step = 0; step < 10 && !(await has()).startsWith(button); step += 1) await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  // A menu that waits long for the next letter begins a word anew.
  await pressQuickly(page, ...letters);
  await page.locator("[role=menuitem]:focus").filter({ hasText: letters }).waitFor();
  await page.keyboard.press("Enter");
}

async function textOfBlob(socket: string, namespace: string, digest: Digest): Promise<string> {
  const store = createRemoteStore(grpcTransport(socket), { namespace });
  return new TextDecoder().decode(await readBytes(store, { digest }));
}

test("two nodes are compared, what one lacks is copied there byte for byte, and the address shows the report again", async () => {
  const { hub, node } = await startHub();
  const words = ["the first of A", "the second of A, which is longer"];
  const onlyA = await Promise.all(words.map((text) => hub.put("k8s.io", text, kept)));
  for (const server of [hub, node]) await server.put("k8s.io", "both have this", kept);
  await node.put("k8s.io", "only the node has this", kept);
  const draft = { name: "app:1", labels: {} };
  for (const [socket, digest] of [
    [hub.socket, onlyA[0]],
    [node.socket, onlyA[1]],
  ] as const) {
    const target = { mediaType: "application/json", digest: digest ?? "", size: 14, annotations: {} };
    await createImage(grpcTransport(socket), { namespace: "k8s.io" }, { ...draft, target });
  }

  const { page } = await visit(`${hub.url}/content`);
  await rowsOf(page).first().waitFor();
  await pressQuickly(page, "g", "x");
  await page.getByRole("heading", { name: "Choose B" }).waitFor();
  await side(page, "A").getByRole("button", { name: "Store of A: local" }).waitFor();
  expect(await violations(page)).toEqual([]);
  await chooseByKeys(page, "Store of B", "node-9");

  await figure(page, "Only in A: 2, 46 B").waitFor();
  await figure(page, "In both: 1, 14 B").waitFor();
  await figure(page, "Only in B: 1, 22 B").waitFor();
  await figure(page, "Same name, other digest: 1, images").waitFor();
  await expect.poll(() => rowsOf(page).count()).toBe(2);
  await expect.poll(() => textOf(rowsOf(page).first())).toContain("32 B");
  await side(page, "A")
    .getByText(/as of \d\d:\d\d:\d\d/)
    .waitFor();
  expect(await violations(page)).toEqual([]);
  await figure(page, "Same name").click();
  await rowsOf(page).filter({ hasText: "app:1" }).waitFor();
  await figure(page, "Only in A").click();
  await expect.poll(() => textOf(rowsOf(page).first())).toContain("32 B");

  await rowsOf(page).first().focus();
  await page.keyboard.press("c");
  await expect.poll(() => clipboard(page)).toBe(onlyA[1]);
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog");
  await dialog.getByText("local/").or(dialog.getByText("node-9/k8s.io")).first().waitFor();
  await expect.poll(() => textOf(dialog)).toContain("2 blobs, 46 B, are written to node-9/k8s.io");
  expect(await violationsWithPopup(page)).toEqual([]);
  await page.keyboard.press("Enter");
  const copy = page.getByRole("region", { name: "Copy" });
  await copy.getByText("2 blobs (46 B) copied to node-9/k8s.io").waitFor();
  await copy.getByText("Held by lease stowage-copy-").waitFor();
  for (const [index, text] of words.entries()) {
    expect(await textOfBlob(node.socket, "k8s.io", onlyA[index] as Digest)).toBe(text);
  }
  await figure(page, "Only in A: 0, 0 B").waitFor();
  await page.getByRole("heading", { name: "Nothing is only in A" }).waitFor();
  await page.keyboard.press("w");
  await figure(page, "Only in A: 1, 22 B").waitFor();
  expect(await textOf(page.locator("h1"))).toBe("Compare");

  const sides = () => ["a", "b"].map((name) => new URL(page.url()).searchParams.get(name));
  await expect.poll(sides).toEqual(["node-9", "local"]);
  const later = await page.context().newPage();
  await later.goto(`${hub.url}/compare?a=node-9&b=local&by=digest&part=both`);
  await figure(later, "In both: 3, 60 B").waitFor();
  await expect.poll(() => rowsOf(later).count()).toBe(3);
  await rowsOf(later).first().getByRole("link").click();
  await later.waitForURL("**/blob?*store=node-9*");
});

test("a copy goes on while its page is loaded anew, another tab shows and ends it, and the next one goes on; blobs are shown by kind", async () => {
  const { hub, node } = await startHub();
  const layer = await hub.put("k8s.io", "a layer", kept);
  const names = { "containerd.io/gc.ref.content.l.0": layer };
  await hub.put("k8s.io", "a manifest", { ...kept, ...names });
  const lock = await node.write("k8s.io", `layer-${layer}`, 0);
  const { page, context } = await visit(`${hub.url}/compare?a=local/k8s.io&b=node-9/k8s.io`, { expectsLoss: true });
  await page.getByRole("button", { name: "manifest: 1, 10 B" }).click();
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  await expect.poll(() => new URL(page.url()).searchParams.get("kind")).toBe("manifest");
  await page.getByRole("button", { name: "layer: 1, 7 B" }).click();
  await rowsOf(page).filter({ hasText: "layer" }).waitFor();

  const goesOn = (on: Page) => on.getByRole("region", { name: "Copy" }).getByText("Copying to node-9/k8s.io").waitFor();
  await page.keyboard.press("m");
  await page.getByRole("dialog").getByRole("button", { name: "Copy 2 blobs" }).click();
  await goesOn(page);
  await page.getByRole("link", { name: "its ingests" }).waitFor();
  await page.reload();
  await goesOn(page);
  const other = await context.newPage();
  await other.goto(`${hub.url}/compare?a=local/k8s.io&b=node-9/k8s.io`);
  await goesOn(other);
  await other.getByRole("button", { name: "Cancel" }).click();
  for (const each of [page, other]) {
    await each.getByText("It was cancelled. What came stays; copying again goes on from there.").waitFor();
  }
  await other.getByRole("button", { name: "Dismiss" }).click();
  await lock[Symbol.asyncDispose]();
  await figure(page, "Only in A: 2, 17 B").waitFor();
  await page.keyboard.press("m");
  await page.getByRole("dialog").getByRole("button", { name: "Copy 2 blobs" }).click();
  await page.getByText("2 blobs (17 B) copied to node-9/k8s.io").waitFor();
  await figure(page, "Only in A: 0, 0 B").waitFor();
});

test("a copy whose server goes away is asked for until it answers, and one that a restart ended says so", async () => {
  const { hub, node } = await startHub();
  const blob = await hub.put("k8s.io", "a blob", kept);
  await using _lock = await node.write("k8s.io", `unknown-${blob}`, 0);
  const { page } = await visit(`${hub.url}/compare?a=local/k8s.io&b=node-9/k8s.io`, { expectsLoss: true });
  await page.getByRole("button", { name: "Copy missing to B" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Copy 1 blob" }).click();
  const copy = page.getByRole("region", { name: "Copy" });
  await copy.getByText("0 of 1 blob").waitFor();
  await hub.stop();
  await copy.getByText("The server does not answer, and is asked again").waitFor();
  await hub.start();
  await copy.getByText("The server was started anew, which ended the copy. What came stays").waitFor();
  await figure(page, "Only in A: 1, 6 B").waitFor();
});

test("what cannot be compared or changed says why, and two sides with the same blobs say so", async () => {
  const { hub, node } = await startHub();
  await hub.put("a", "one");
  await hub.put("b", "one");
  const { page } = await visit(`${hub.url}/compare?a=local/a&b=local/b`, { expectsLoss: true });
  await page.getByRole("heading", { name: "A and B hold the same 1 blob" }).waitFor();
  await page.goto(`${hub.url}/compare?a=local/a&b=local/a`);
  await page.getByRole("heading", { name: "Both sides are the same" }).waitFor();
  await page.goto(`${hub.url}/compare?a=local/a&b=sealed/a`);
  const act = page.getByRole("button", { name: "Copy missing to B" });
  await act.waitFor();
  await expect.poll(() => act.getAttribute("aria-description")).toBe("sealed is opened read-only");
  await act.press("Enter");
  expect(await page.getByRole("dialog").count()).toBe(0);
  await node.stop();
  await page.getByRole("button", { name: "Compare again" }).click();
  await page.getByRole("heading", { name: "One side does not answer" }).waitFor();
  await page.getByText(/sealed\/a: .*nobody listens there/).waitFor();
});

test("on a phone and in the dark, namespaces of one store are compared", async () => {
  const server = await startPageServer();
  await server.put("moby", "of moby");
  await server.put("k8s.io", "of Kubernetes");
  const { page } = await visit(`${server.url}/compare`, { width: 375, theme: "dark" });
  await listens(page);
  for (const [letter, name] of [
    ["A", "moby"],
    ["B", "k8s.io"],
  ] as const) {
    await side(page, letter).getByRole("button", { name: "Namespaces of" }).click();
    await page.getByRole("menuitemcheckbox", { name }).click();
    await page.keyboard.press("Escape");
  }
  await figure(page, "Only in A: 1, 7 B").waitFor();
  await expect.poll(() => rowsOf(page).count()).toBe(1);
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  await expect.poll(() => new URL(page.url()).searchParams.get("b")).toBe("local/k8s.io");
});
