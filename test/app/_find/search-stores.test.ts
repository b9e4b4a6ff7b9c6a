import { createRouterTransport } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { groupsElsewhere, imagesHere, notesElsewhere } from "../../../app/_find/elsewhere-groups.ts";
import { storePlaceHref } from "../../../app/_find/places.ts";
import { searchStore } from "../../../app/_find/search-store.ts";
import type { StoreAnswer } from "../../../app/_find/search-stores.ts";
import { searchStores } from "../../../app/_find/search-stores.ts";
import { ContentError } from "../../../content/errors.ts";
import { parseDigest } from "../../../content/parse-digest.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Images } from "../../../gen/containerd/services/images/v1/images_pb.js";
import { Namespaces } from "../../../gen/containerd/services/namespaces/v1/namespace_pb.js";
import { factsOfStore } from "../facts.ts";

const { signal } = new AbortController();
const digest = parseDigest(`sha256:${"9f".repeat(32)}`);
const moment = { seconds: 1n, nanos: 0 };

test("images and refs are looked for by a part of their names, in every namespace", async () => {
  const asked: string[] = [];
  const transport = createRouterTransport(({ service }) => {
    service(Namespaces, { list: () => ({ namespaces: [{ name: "a" }, { name: "b" }] }) });
    service(Images, {
      list({ filters }, { requestHeader }) {
        const namespace = requestHeader.get("containerd-namespace");
        asked.push(`${namespace} ${filters.join()}`);
        const target = { mediaType: "t", digest, size: 1n };
        const image = { name: `app:${namespace}`, target, createdAt: moment, updatedAt: moment };
        return { images: [image] };
      },
    });
    service(Content, {
      listStatuses: ({ filters }) => {
        asked.push(filters.join());
        return { statuses: [{ ref: "app-1", startedAt: moment, updatedAt: moment }] };
      },
    });
  });
  const found = await searchStore(transport, { words: "app.", hasIngests: true }, signal);
  expect(asked[0]).toBe(String.raw`a name~="(?i)app\\."`);
  expect(asked[1]).toBe(String.raw`ref~="(?i)app\\."`);
  expect(found.images).toEqual([
    { namespace: "a", name: "app:a" },
    { namespace: "b", name: "app:b" },
  ]);
  expect(found.ingests).toHaveLength(2);
  expect(found.blobs).toBeUndefined();
});

test("stores are searched two at once, and one that fails, hangs or is away holds up no other", async () => {
  const stores = [
    factsOfStore("a"),
    factsOfStore("hangs"),
    factsOfStore("fails"),
    factsOfStore("away", { state: "unreachable", reason: "connection refused" }),
    factsOfStore("b"),
  ];
  let [running, most] = [0, 0];
  let answers: readonly StoreAnswer[] = [];
  await searchStores(stores, {
    async search({ name }, over) {
      most = Math.max(most, (running += 1));
      try {
        await new Promise((resolve) => setImmediate(resolve));
        if (name === "fails") throw new ContentError("unavailable", "no route");
        if (name !== "hangs") return { images: [{ namespace: "default", name }], ingests: [] };
        await new Promise((resolve) => over.addEventListener("abort", resolve));
        throw new ContentError("cancelled", "over");
      } finally {
        running -= 1;
      }
    },
    tell: (told) => (answers = told),
    signal,
    patienceMs: 500,
  });
  expect(most).toBe(2);
  expect(answers.map(({ facts, found, problem }) => [facts.name, found?.images.length, problem])).toEqual([
    ["a", 1, undefined],
    ["hangs", undefined, "it takes too long"],
    ["fails", undefined, "no route"],
    ["away", undefined, "connection refused"],
    ["b", 1, undefined],
  ]);
  expect(notesElsewhere(answers, "").map(({ name, words }) => `${name} ${words}`)).toEqual([
    "hangs was not searched: it takes too long",
    "fails was not searched: no route",
    "away was not searched: connection refused",
  ]);
});

test("what other stores have is named by its store, and leads there", () => {
  const createdAt = new Date(0);
  const blob = { namespace: "moby", info: { digest, size: 1, createdAt, updatedAt: createdAt, labels: {} } };
  const found = {
    blobs: { blobs: [blob], count: 1, isExact: true },
    images: [{ namespace: "moby", name: "app:1" }],
    ingests: [{ namespace: "moby", name: "layer 1" }],
  };
  const local = { facts: factsOfStore("local", { isDefault: true }), found };
  const archive = { facts: factsOfStore("archive"), found };
  const [group, ...others] = groupsElsewhere([local, archive], "");
  expect(others).toEqual([]);
  expect(group?.heading).toBe("In store archive");
  expect(group?.items.map(({ href }) => href)).toEqual([
    `/blob?ns=moby&d=${encodeURIComponent(digest)}&store=archive`,
    "/images?ns=moby&peek=moby/app%3A1&store=archive",
    "/ingests?ns=moby&q=ref%3A%22layer+1%22&store=archive",
  ]);
  expect(imagesHere([local, archive], "")[0]?.items[0]?.href).toBe("/images?ns=moby&peek=moby/app%3A1");
  // Seen from there, it is the other way round.
  expect(groupsElsewhere([archive, local], "archive")[0]?.items[1]?.href).toBe("/images?ns=moby&peek=moby/app%3A1");
});

test("another store shows the same list by the same query, without what is of this store alone", () => {
  const search = "ns=moby&q=size%3A%3E1&sort=-size&at=sha256%3A1&peek=x&store=a";
  expect(storePlaceHref({ path: "/content", search }, "b")).toBe("/content?q=size%3A%3E1&sort=-size&store=b");
  expect(storePlaceHref({ path: "/leases", search: "store=a" }, "")).toBe("/leases");
  expect(storePlaceHref({ path: "/blob", search: "d=x&q=y" }, "b")).toBe("/content?store=b");
});
