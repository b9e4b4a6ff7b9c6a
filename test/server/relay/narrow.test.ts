import { create, toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { Content, InfoRequestSchema } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService, ListPageRequestSchema, SelectionSchema } from "../../../gen/stowage/v1/content_pb.js";
import { fullAccess } from "../../../server/policy/access.ts";
import { narrow } from "../../../server/relay/narrow.ts";

/** A field of a newer proto. */
const newer = [{ no: 900, wireType: 0, data: Uint8Array.of(1) }];

test("who may not see every namespace has nothing passed on that this server does not know", () => {
  const some = { ...fullAccess, namespaces: ["n"] };
  const info = { ...create(InfoRequestSchema, { digest: "d" }), $unknown: newer };
  const bytesOf = (request: typeof info) => toBinary(InfoRequestSchema, request);
  const { info: method } = Content.method;
  expect(bytesOf(narrow(method, info, some) as typeof info)).toEqual(
    toBinary(InfoRequestSchema, create(InfoRequestSchema, { digest: "d" })),
  );
  expect(narrow(method, info, fullAccess)).toBe(info);

  const selection = { ...create(SelectionSchema, { namespaces: ["n"] }), $unknown: newer };
  const page = { ...create(ListPageRequestSchema, {}), selection, $unknown: newer };
  const narrowed = narrow(ContentService.method.listPage, page, some) as typeof page;
  expect([narrowed.$unknown, narrowed.selection.$unknown]).toEqual([undefined, undefined]);
  expect(narrowed.selection.namespaces).toEqual(["n"]);
});
