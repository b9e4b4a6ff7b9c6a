import { create } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { describeCaller } from "../../content/caller.ts";
import { ContentError } from "../../content/errors.ts";
import { parseOrder } from "../../content/order.ts";
import { blobToWire, int64ToWire, selectionFromWire } from "../../content/wire.ts";
import type { ListPageRequest, ListPageResponse } from "../../gen/stowage/v1/content_pb.js";
import { ListPageResponseSchema } from "../../gen/stowage/v1/content_pb.js";
import { compileSelection } from "../feed/selection.ts";
import { blobsToken } from "../feed/watch-blobs.ts";
import type { Metadata } from "../metadata/metadata.ts";
import { callKey } from "../policy/call.ts";
import { readable } from "../policy/readable.ts";
import { fingerprint, fromPageToken, toPageToken } from "./page-token.ts";

/** Rows of a page: when the request names no number, and at most. */
const defaultRows = 200;
const maxRows = 1000;

/**
 * One page of blobs (AIP-158).
 *
 * @throws `invalid-argument` for a negative size or skip, and for a token that does not fit; what parseOrder and
 * compileSelection throw; `resource-exhausted` for too many queries at once
 */
export async function answerPage(
  metadata: Pick<Metadata, "feed" | "page">,
  request: ListPageRequest,
  context: HandlerContext,
): Promise<ListPageResponse> {
  const { orderBy, pageSize, pageToken, skip } = request;
  if (pageSize < 0) throw new ContentError("invalid-argument", `page_size ${pageSize} is negative`);
  if (skip < 0) throw new ContentError("invalid-argument", `skip ${skip} is negative`);
  const call = context.values.get(callKey);
  const selection = readable(selectionFromWire(request.selection), call.access);
  // What cannot be is refused here, before it takes a thread.
  const { namespaces } = compileSelection(selection, call.namespace);
  const args = fingerprint([selection, namespaces, orderBy]);
  const query = {
    selection,
    namespaces,
    order: parseOrder(orderBy),
    skip,
    limit: Math.min(pageSize || defaultRows, maxRows),
    ...(pageToken !== "" && { after: fromPageToken(args, pageToken) }),
  };
  // The page may know of later changes too; they are told again then.
  const { told } = metadata.feed;
  const { rows, totals, more } = await metadata.page(query, describeCaller(call.caller), context.signal);
  const last = rows.at(-1);
  const watched = { selection, namespace: call.namespace, orderBy, identity: call.caller.identity };
  return create(ListPageResponseSchema, {
    items: rows.map(blobToWire),
    nextPageToken: more && last !== undefined ? toPageToken(args, last) : "",
    totalSize: int64ToWire(totals.count, "total_size"),
    totalBytes: int64ToWire(totals.bytes, "total_bytes"),
    resumeToken: blobsToken(metadata.feed, watched, told) ?? "",
  });
}
