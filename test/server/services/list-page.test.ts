import { Code, createClient } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { createStowageContent } from "../../../server/services/stowage-content.ts";
import { openTestMetadata, put } from "../metadata/support.ts";
import { failure, headers, transportTo } from "./calls.ts";

/** 25 blobs of 25 sizes in namespace `n`, one of them in `other` too. */
async function open() {
  const { metadata } = await openTestMetadata();
  for (let size = 1; size <= 25; size += 1) await put(metadata, "n", "x".repeat(size));
  await put(metadata, "other", "x");
  const service = createStowageContent(metadata, { stopping: new AbortController().signal });
  return createClient(ContentService, transportTo(service));
}

const bySize = { orderBy: "size desc" };

describe("ListPage", () => {
  test("goes through a set page by page, with totals that do not depend on the page", async () => {
    const client = await open();
    const sizes: bigint[] = [];
    let pageToken = "";
    do {
      const page = await client.listPage({ ...bySize, pageSize: 10, pageToken }, { headers });
      sizes.push(...page.items.map(({ info }) => info?.size ?? 0n));
      expect(page).toMatchObject({ totalSize: 25n, totalBytes: 325n });
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    expect(sizes).toEqual(Array.from({ length: 25 }, (_, index) => BigInt(25 - index)));
  });

  test("jumps to any row, and to none beyond the end", async () => {
    const client = await open();
    const near = await client.listPage({ ...bySize, pageSize: 3, skip: 20 }, { headers });
    expect(near.items.map(({ info }) => info?.size)).toEqual([5n, 4n, 3n]);
    const beyond = await client.listPage({ ...bySize, skip: 25 }, { headers });
    expect(beyond).toMatchObject({ items: [], nextPageToken: "", totalSize: 25n });
  });

  test("counts rows, and the bytes of a digest once, over several namespaces", async () => {
    const client = await open();
    const selection = { namespaces: ["*"] };
    const page = await client.listPage({ selection, pageSize: 5000 });
    expect(page.items).toHaveLength(26);
    expect(page).toMatchObject({ totalSize: 26n, totalBytes: 325n });
    const two = await client.listPage({ selection: { namespaces: ["n", "other"], filters: ["size==1"] } });
    expect(two).toMatchObject({ totalSize: 2n, totalBytes: 1n });
  });

  test.for<[string, Parameters<Awaited<ReturnType<typeof open>>["listPage"]>[0], string]>([
    ["a negative size", { pageSize: -1 }, "page_size -1"],
    ["a negative skip", { skip: -1 }, "skip -1"],
    ["an order", { orderBy: "colour" }, "order_by"],
    ["a filter", { selection: { filters: ["=="] } }, "filters"],
    ["a token", { pageToken: "what" }, "page_token"],
  ])("refuses %s that is none", async ([, request, text]) => {
    const client = await open();
    const error = await failure(client.listPage(request, { headers }));
    expect(error).toMatchObject({ code: Code.InvalidArgument, rawMessage: expect.stringContaining(text) });
  });

  test("refuses a token of another order", async () => {
    const client = await open();
    const { nextPageToken: pageToken } = await client.listPage({ ...bySize, pageSize: 1 }, { headers });
    const error = await failure(client.listPage({ orderBy: "size", pageToken }, { headers }));
    expect(error).toMatchObject({
      code: Code.InvalidArgument,
      rawMessage: expect.stringContaining("another selection or order"),
    });
  });

  test("needs a namespace, of the call or of the selection", async () => {
    const client = await open();
    const error = await failure(client.listPage({}));
    expect(error).toMatchObject({
      code: Code.FailedPrecondition,
      rawMessage: expect.stringContaining("namespace is required"),
    });
  });
});
