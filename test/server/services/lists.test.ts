import { toBinary } from "@bufbuild/protobuf";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { blobFromWire, infoFromWire } from "../../../content/wire.ts";
import { Content, ListContentResponseSchema } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService, ListResponseSchema } from "../../../gen/stowage/v1/content_pb.js";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import { createPolicy } from "../../../server/policy/interceptor.ts";
import { createContentService } from "../../../server/services/content.ts";
import { createStowageContent } from "../../../server/services/stowage-content.ts";
import { createLog } from "../../support/log.ts";
import { openTestMetadata, put } from "../metadata/support.ts";
import { headers } from "./calls.ts";

const text = "é".repeat(1900);

/** About 760 kB of labels on a blob. */
const labels = Object.fromEntries(Array.from({ length: 200 }, (_, number) => [`key-${number}`, text]));

/** Both services over the metadata; their answers are bytes, or JSON. */
function clientsOf(metadata: Metadata, useBinaryFormat: boolean) {
  const { interceptor } = createPolicy(createLog().logger);
  const stopping = new AbortController().signal;
  const services = [createContentService(metadata), createStowageContent(metadata, { stopping })];
  const transport = createRouterTransport(
    (router) => {
      for (const service of services) service.register(router);
    },
    { router: { interceptors: [interceptor] }, transport: { useBinaryFormat } },
  );
  return { content: createClient(Content, transport), stowage: createClient(ContentService, transport) };
}

function rowsOf(metadata: Metadata) {
  using view = metadata.snapshot();
  return view.page(["n"], [], undefined, 1000);
}

describe.each([
  ["bytes", true],
  ["JSON", false],
])("as %s", (_, useBinaryFormat) => {
  test("both Lists tell every row as it is", async () => {
    const { metadata } = await openTestMetadata();
    for (let number = 0; number < 30; number += 1) await put(metadata, "n", `${number}`, { tier: `é${number}` });
    const { content, stowage } = clientsOf(metadata, useBinaryFormat);
    const infos = (await Array.fromAsync(content.list({}, { headers }))).flatMap(({ info }) => info);
    expect(infos.map(infoFromWire)).toEqual(rowsOf(metadata).map(({ info }) => info));
    const events = (await Array.fromAsync(stowage.list({}, { headers }))).map(({ event }) => event);
    // The rows come in as many batches as the machine takes time for.
    expect([...new Set(events.map((event) => event.case))]).toEqual(["begin", "batch", "bookmark", "end"]);
    const items = events.flatMap((event) => (event.case === "batch" ? event.value.items : []));
    expect(items.map(blobFromWire)).toEqual(rowsOf(metadata));
  });

  test("neither sends a message that a client refuses, however long the labels are", async () => {
    const { metadata } = await openTestMetadata();
    for (let number = 0; number < 7; number += 1) await put(metadata, "n", `${number}`, labels);
    const { content, stowage } = clientsOf(metadata, useBinaryFormat);
    const answers = await Array.fromAsync(content.list({}, { headers }));
    expect(answers.flatMap(({ info }) => info)).toHaveLength(7);
    for (const answer of answers)
      expect(toBinary(ListContentResponseSchema, answer).length).toBeLessThan(4 * 1024 * 1024);
    const selection = { filters: ["size!=0"] };
    for (const request of [{}, { limit: 100 }, { selection }, { selection, limit: 50, orderBy: "size" }]) {
      const messages = await Array.fromAsync(stowage.list(request, { headers }));
      const rows = messages.flatMap(({ event }) => (event.case === "batch" ? event.value.items : []));
      expect(rows).toHaveLength(7);
      for (const message of messages)
        expect(toBinary(ListResponseSchema, message).length).toBeLessThan(4 * 1024 * 1024);
    }
  });
});

test("containerd's List refuses a filter that is none, and a call without a namespace", async () => {
  const { metadata } = await openTestMetadata();
  const { content } = clientsOf(metadata, true);
  await expect(Array.fromAsync(content.list({ filters: ["labels.=="] }, { headers }))).rejects.toThrow("filters");
  await expect(Array.fromAsync(content.list({}))).rejects.toThrow("namespace is required");
});
