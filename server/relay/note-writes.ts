import type { DescMethod, Message } from "@bufbuild/protobuf";
import type { WriteContentRequest, WriteContentResponse } from "../../gen/containerd/services/content/v1/content_pb.js";
import { Content, WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { WriteRequest, WriteResponse } from "../../gen/stowage/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import type { Call } from "../policy/call.ts";
import { labelChanges } from "../policy/call-audit.ts";

/** Hears the messages of a call that is passed on, in their order. */
export interface Heard {
  /** @throws why the request is not passed on */
  asked(request: Message): void;
  answered(answer: Message): void;
  /** It is over. @param thrown by the transport */
  failed(thrown: unknown): void;
}

/** Hears nothing. */
export const deaf: Heard = { asked: () => undefined, answered: () => undefined, failed: () => undefined };

/** Notes what a call commits at a node, as it is noted of a store of this server's own; of other calls the request says all. */
export function noteWrites(method: DescMethod, { note }: Call): Heard {
  const parts = partsOf(method);
  if (note === undefined || parts === undefined) return deaf;
  let name = "";
  return {
    ...deaf,
    asked(message) {
      const request = parts.request(message);
      if (request === undefined) return;
      if (request.ref !== "") name = request.ref;
      if (request.action !== WriteAction.COMMIT) return;
      const digest = request.expected === "" ? {} : { digest: request.expected };
      const bytes = bytesOf(request.offset + BigInt(request.data.length));
      note({ name, ...digest, ...bytes, changes: labelChanges({}, request.labels) });
    },
    answered(message) {
      const answer = parts.answer(message);
      if (answer?.action !== WriteAction.COMMIT) return;
      note({ digest: answer.digest, ...bytesOf(answer.offset), done: true });
    },
  };
}

/** Nothing for what no blob has: whoever said it is told so by others. */
function bytesOf(count: bigint): { readonly bytes?: number } {
  return count >= 0n && count <= BigInt(Number.MAX_SAFE_INTEGER) ? { bytes: Number(count) } : {};
}

interface Parts {
  request(message: Message): WriteContentRequest | undefined;
  answer(message: Message): WriteContentResponse | undefined;
}

/** Where the messages of Write are; absent: it is another method. */
function partsOf(method: DescMethod): Parts | undefined {
  switch (method) {
    case Content.method.write:
      return {
        request: (message) => message as WriteContentRequest,
        answer: (message) => message as WriteContentResponse,
      };
    case ContentService.method.write:
      return {
        request: (message) => (message as WriteRequest).request,
        answer: (message) => (message as WriteResponse).response,
      };
    default:
      return undefined;
  }
}
