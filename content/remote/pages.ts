import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import { isKind } from "../errors.ts";
import { blobFromWire, int64FromWire, selectionToWire } from "../wire.ts";
import { answerOf } from "./call.ts";
import type { Blob, Selection } from "./events.ts";

/** Which rows of a sorted set are wanted. */
export interface PageOptions {
  readonly selection: Selection;
  /** As ListRequest.order_by. */
  readonly orderBy: string;
  /** Rows; 1000 at most. */
  readonly size: number;
  /** Rows to leave out after the token, or at the start. */
  readonly skip?: number;
  /** `next` of the page before, where everything else was the same; absent: the first. */
  readonly token?: string;
}

/** Some rows of a sorted set, and what the set holds in all. */
export interface BlobPage {
  readonly blobs: readonly Blob[];
  /** Absent: there is no further page. */
  readonly next?: string;
  /** Rows of the set, exactly. */
  readonly count: number;
  /** Their bytes, each digest once. */
  readonly bytes: number;
  /** For changesSince with the same selection and order; absent where what changed cannot be told. */
  readonly token?: string;
}

/**
 * One page of blobs (ContentService.ListPage).
 *
 * @returns undefined where the server has no pages
 */
export async function getBlobPage(
  transport: Transport,
  { selection, orderBy, size, skip = 0, token = "" }: PageOptions,
  signal?: AbortSignal,
): Promise<BlobPage | undefined> {
  const client = createClient(ContentService, transport);
  const request = { selection: selectionToWire(selection), orderBy, pageSize: size, skip, pageToken: token };
  try {
    const answer = await answerOf(client.listPage(request, { signal }), signal);
    return {
      blobs: answer.items.map(blobFromWire),
      count: int64FromWire(answer.totalSize, "total_size"),
      bytes: int64FromWire(answer.totalBytes, "total_bytes"),
      ...(answer.nextPageToken !== "" && { next: answer.nextPageToken }),
      ...(answer.resumeToken !== "" && { token: answer.resumeToken }),
    };
  } catch (error) {
    if (isKind(error, "not-implemented")) return undefined;
    throw error;
  }
}
