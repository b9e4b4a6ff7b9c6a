import { create, toBinary } from "@bufbuild/protobuf";
import { createMethodUrl } from "@connectrpc/connect/protocol";
import { WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService, WriteRequestSchema } from "../../gen/stowage/v1/content_pb.js";
import type { CallScope } from "./call.ts";
import { headersOf } from "./call.ts";

/** A ref that a unary writer holds between its calls; plain data, so that a worker can tell its page. */
export interface HeldRef extends CallScope {
  readonly ref: string;
  /** The writer's id on the server. */
  readonly writerId: string;
}

/**
 * Let go of a ref from a page that is going away (`pagehide`): one request, sent before this returns, that the browser
 * sends on without the page (fetch with `keepalive`). The bytes stay, and the next writer need not wait for the 30 s that the
 * server holds the ref for. The writer itself can go on where the page comes back: its next call opens the ref again.
 *
 * @param baseUrl of the server, as its transport has it
 * @returns settled once it is answered; it does not reject, because the server lets go by itself in the end
 */
export async function releaseWriter(baseUrl: string, held: HeldRef): Promise<void> {
  const { ref, writerId } = held;
  const message = create(WriteRequestSchema, { request: { action: WriteAction.STAT, ref }, writerId, close: true });
  const headers = headersOf(held);
  headers.set("content-type", "application/proto");
  headers.set("connect-protocol-version", "1");
  try {
    await fetch(createMethodUrl(baseUrl, ContentService.method.write), {
      method: "POST",
      headers,
      body: toBinary(WriteRequestSchema, message),
      keepalive: true,
    });
  } catch {
    return;
  }
}
