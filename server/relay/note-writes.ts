import type { DescMethod, Message } from "@bufbuild/protobuf";
import { int64FromWire } from "../../content/wire.ts";
import type { WriteContentRequest, WriteContentResponse } from "../../gen/containerd/services/content/v1/content_pb.js";
import { Content, WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { WriteRequest, WriteResponse } from "../../gen/stowage/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import type { Call } from "../policy/call.ts";
import { labelChanges } from "../policy/call-audit.ts";

/** Hears the messages of a call that is passed on, in their order. */
export interface Heard {
  asked(request: Message): void;
  answered(answer: Message): void;
}

const deaf: Heard = { asked: () => undefined, answered: () => undefined };

/** Notes what a call commits at a node, as it is noted of a store of this server's own; of other calls the request says all. */
export function noteWrites(method: DescMethod, { note }: Call): Heard {
  const parts = partsOf(method);
  if (note === undefined || parts === undefined) return deaf;
  let name = "";
  return {
    asked(message) {
      const request = parts.request(message);
      if (request === undefined) return;
      if (request.ref !== "") name = request.ref;
      if (request.action !== WriteAction.COMMIT) return;
      const bytes = request.offset + BigInt(request.data.length);
      const digest = request.expected === "" ? {} : { digest: request.expected };
      note({ name, ...digest, bytes: int64FromWire(bytes, "bytes"), changes: labelChanges({}, request.labels) });
    },
    answered(message) {
      const answer = parts.answer(message);
      if (answer?.action !== WriteAction.COMMIT) return;
      note({ digest: answer.digest, bytes: int64FromWire(answer.offset, "offset"), done: true });
    },
  };
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
