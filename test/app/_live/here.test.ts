import { afterEach, expect, onTestFinished, test } from "vitest";
import { createLiveBlobs } from "../../../app/_live/blobs.ts";
import { createLiveCatalog } from "../../../app/_live/catalog.ts";
import { moveTo, storeAt, storeHref } from "../../../app/_live/here.ts";
import { createLiveIngests } from "../../../app/_live/ingests.ts";
import { isPaused, togglePause } from "../../../app/_live/pause.ts";
import { curlBlob, curlHello, downloadPath } from "../../../app/_ui/commands.ts";
import { createChoiceStore } from "../../../app/_ui/list/choice-store.ts";
import { only } from "../../../app/_ui/list/chosen.ts";
import { exportHref } from "../../../app/images/export.ts";
import { scopedHref } from "../../../app/namespaces/kind.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { createTestLink } from "./link.ts";
import { showPage } from "./page.ts";
import { blobOf, bookmark, ingestOf } from "./rows.ts";

showPage();
afterEach(() => moveTo(""));

const begin = { kind: "begin", source: "stream", heartbeatMs: 10_000 } as const;
const newest = { selection: { namespaces: ["*"] }, orderBy: "created_at desc", limit: 3, tries: 0 };

test("an address names a store, or the default one", () => {
  expect(storeAt("?ns=moby&store=node-7")).toBe("node-7");
  expect(storeAt("?ns=moby")).toBe("");
});

test("links, downloads and lines to copy are of the store that the page shows", () => {
  const digest = `sha256:${"ab".repeat(32)}`;
  expect(scopedHref("/images", "moby")).toBe("/images?ns=moby");
  expect(curlHello("http://h", "moby")).not.toContain("stowage-store");
  moveTo("node 7");
  expect(storeHref("/content")).toBe("/content?store=node%207");
  expect(storeHref("/content?ns=moby", "b")).toBe("/content?ns=moby&store=b");
  expect(storeHref("/content", "")).toBe("/content");
  expect(scopedHref("/images", "moby")).toBe("/images?ns=moby&store=node%207");
  expect(downloadPath("moby", digest)).toMatch(/^\/-\/blob\?ns=moby&d=.*&store=node%207$/);
  expect(curlBlob("http://h", "moby", digest)).toContain("store=node%207");
  expect(curlHello("http://h", "moby")).toContain("-H 'stowage-store: node 7'");
  expect(exportHref("moby", "app:1")).toMatch(/^\/-\/export\?.*&store=node%207$/);
});

test("rows, choices and a pause of one store are gone with the move to another, and its questions go there", async () => {
  const links = { blobs: createTestLink(), ingests: createTestLink(), leases: createTestLink() };
  const blobs = createLiveBlobs("Blobs", links.blobs);
  const ingests = createLiveIngests(links.ingests);
  const leases = createLiveCatalog("leases", "Leases", links.leases);
  const choice = createChoiceStore<string, { readonly selection: object }>();
  const stops = [blobs.show(newest), ingests.show(["*"]), leases.show(["*"])];
  links.blobs.send(begin, { kind: "blobs", blobs: [blobOf("a")] }, bookmark(1));
  links.ingests.send(begin, { kind: "ingests", ingests: [ingestOf("r")] }, bookmark(1));
  links.leases.send(begin, bookmark(0));
  await waitUntil(() => [blobs, ingests, leases].every((live) => live.get().isComplete));
  choice.set(only([["a", "a"]]));
  togglePause();

  moveTo("archive");
  for (const live of [blobs, ingests, leases]) expect(live.get()).toMatchObject({ rows: [], isComplete: false });
  expect(choice.get()).toMatchObject({ kind: "some", items: new Map() });
  expect(isPaused()).toBe(false);
  for (const stop of stops) stop();
  for (const stop of [blobs.show(newest), ingests.show(["*"]), leases.show(["*"])]) onTestFinished(stop);
  for (const link of Object.values(links)) expect(link.asked.at(-1)).toMatchObject({ store: "archive" });
  links.blobs.send(begin, { kind: "blobs", blobs: [blobOf("b")] }, bookmark(1));
  await waitUntil(() => blobs.get().rows.length > 0);
  expect(blobs.get().rows.map(({ row }) => row.info.digest)).toEqual([blobOf("b").info.digest]);
});
