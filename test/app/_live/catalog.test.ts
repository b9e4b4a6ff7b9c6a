import { expect, onTestFinished, test } from "vitest";
import { applyCatalogEvent, createKept, createLiveCatalog } from "../../../app/_live/catalog.ts";
import { imageItems, keyOfRow, repositoryKey } from "../../../app/_live/catalog-events.ts";
import { createHub } from "../../../app/_live/hub.ts";
import { createHubClient } from "../../../app/_live/hub-client.ts";
import { isPaused, togglePause } from "../../../app/_live/pause.ts";
import { ContentError } from "../../../content/errors.ts";
import type { ImageEvent } from "../../../content/remote/catalog.ts";
import type { BeginEvent } from "../../../content/remote/events.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { imageOf, leaseOf } from "../_catalog/rows.ts";
import { createTestServer } from "./hub-link.ts";
import { createTestLink } from "./link.ts";
import { showPage } from "./page.ts";
import { bookmark } from "./rows.ts";

showPage();

const begin: BeginEvent = { kind: "begin", source: "stream", heartbeatMs: 10_000 };
const together = { namespace: "default", repository: "app", images: 2, bytes: 9, overlapBytes: 1 };

async function itemsOf(...events: readonly ImageEvent[]) {
  async function* told() {
    yield* events;
  }
  return Array.fromAsync(imageItems(told()));
}

test("images and what those of a repository are together are told as one set, and a repository without images goes", async () => {
  const kept = createKept("images");
  const told = await itemsOf(
    begin,
    { kind: "images", images: [imageOf("app:1"), imageOf("app:2")], repositories: [together] },
    bookmark(2),
  );
  for (const event of told) if (event.kind !== "connection") applyCatalogEvent(kept, event, 1);
  expect(kept.rows.rows().map(({ key }) => key)).toEqual(["default app:1", "default app:2"]);
  expect(kept.repositories.row(repositoryKey("default", "app"))?.row).toEqual(together);

  const later = await itemsOf(
    { kind: "removed", namespace: "default", name: "app:1" },
    { kind: "images", images: [], repositories: [{ ...together, images: 0 }] },
  );
  for (const event of later) if (event.kind !== "connection") applyCatalogEvent(kept, event, 2);
  expect(kept.rows.row("default app:1")?.goneAt).toBe(2);
  expect(kept.repositories.rows()).toEqual([]);
});

test("what a new set does not tell is gone, and not before the set is whole", async () => {
  const kept = createKept("leases");
  const item = (id: string) => ({ of: "leases", key: keyOfRow(leaseOf(id)), row: leaseOf(id) }) as const;
  applyCatalogEvent(kept, begin, 1);
  applyCatalogEvent(kept, { kind: "items", items: [item("a"), item("b")] }, 1);
  applyCatalogEvent(kept, bookmark(2), 1);
  applyCatalogEvent(kept, begin, 2);
  applyCatalogEvent(kept, { kind: "items", items: [item("b")] }, 2);
  expect(kept.rows.row("default a")?.goneAt).toBeUndefined();
  applyCatalogEvent(kept, bookmark(1), 3);
  expect(kept.rows.row("default a")?.goneAt).toBe(3);
});

test("a page that holds still shows what it showed, and all that waited once it goes on", async () => {
  const link = createTestLink();
  const live = createLiveCatalog("leases", "Leases", link);
  onTestFinished(live.show(["*"]));
  const item = (id: string) => ({ of: "leases", key: `default ${id}`, row: leaseOf(id) }) as const;
  const keys = () => live.get().rows.map(({ key }) => key);
  link.send(begin, { kind: "items", items: [item("a")] }, bookmark(1));
  await waitUntil(() => live.get().isComplete);
  togglePause();
  onTestFinished(() => void (isPaused() && togglePause()));
  link.send({ kind: "items", items: [item("b")] });
  await new Promise((resolve) => setImmediate(resolve));
  expect(keys()).toEqual(["default a"]);
  togglePause();
  await waitUntil(() => keys().length === 2);
});

test("a refusal is told beside the rows, and asking again forgets it", async () => {
  const link = createTestLink();
  const live = createLiveCatalog("images", "Images", link);
  onTestFinished(live.show(["moby"]));
  link.fail(new ContentError("failed-precondition", "the server has no catalog"));
  await waitUntil(() => live.get().error !== undefined);
  live.retry();
  expect(live.get().error).toBeUndefined();
  const question = { selection: { namespaces: ["moby"] }, store: "" };
  expect(link.asked).toEqual([question, question]);
});

test("sets of the catalog have the streams that blobs have, and are looked at beyond them", async () => {
  const server = createTestServer();
  const hub = createHub(server, {
    blobStreams: 1,
    ingestStreams: 1,
    lookMs: 10,
    frameMs: 1,
    events: 100,
    patienceMs: 60_000,
  });
  onTestFinished(hub.close);
  const client = createHubClient(
    (message) => line(message),
    () => undefined,
  );
  const line = hub.join((message) => queueMicrotask(() => client.hear(message)));
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const sources: string[] = [];
  const follow = async (of: "images" | "leases") => {
    for await (const event of client.catalog(of, { selection: { namespaces: ["*"] } }, over.signal)) {
      if (event.kind === "begin") sources.push(`${of} ${event.source}`);
    }
  };
  void follow("images");
  void follow("leases");
  await waitUntil(() => server.opened.length === 2);
  for (const stream of server.opened) stream.send(begin, bookmark(0));
  await waitUntil(() => sources.includes("images stream") && sources.includes("leases polled"));
  expect(new Set(sources)).toEqual(new Set(["images stream", "leases polled"]));
  // A look ends with its set, and the next one is another call.
  await waitUntil(() => server.opened.filter(({ of }) => of === "leases").length >= 2);
  expect(server.opened.filter(({ of }) => of === "images")).toHaveLength(1);
});
