import type { DescMethod } from "@bufbuild/protobuf";
import type { HandlerContext } from "@connectrpc/connect";
import { Content } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { Call } from "../policy/call.ts";
import { connectionKey } from "../policy/identify.ts";
import type { PlaceWords } from "../policy/stream-places.ts";
import { createStreamPlaces } from "../policy/stream-places.ts";

/** Places at a node, each held for as long as something of a caller is under way there. */
export interface NodePlaces {
  /** For a call, until it ends or whoever waits for it is gone. @throws `resource-exhausted` */
  call(method: DescMethod, context: HandlerContext, call: Call): Disposable;
  /** For a file. @throws `resource-exhausted` */
  file(call: Call): Disposable;
}

/**
 * Calls all go over one connection to the node, which lets it have 512 at once, and its own health is asked on it too: nobody takes them
 * all. Of streams that follow what is there it lets it have 100. Each file has a connection, of which a node lets everybody have 4096.
 */
const limits = {
  following: { perConnection: 50, perIdentity: 50, overall: 100 },
  others: { perConnection: 100, perIdentity: 100, overall: 200 },
  single: { perConnection: 100, perIdentity: 100, overall: 160 },
  files: { perConnection: 100, perIdentity: 100, overall: 1000 },
} as const;

const singleCalls: PlaceWords = {
  things: "single calls at once",
  advice: { connection: "wait for some", identity: "wait for some", overall: "try again later" },
};

const downloads: PlaceWords = {
  things: "downloads at once",
  advice: { connection: "wait for some", identity: "wait for some", overall: "try again later" },
};

/** Places that are all free. */
export function createNodePlaces(): NodePlaces {
  const following = createStreamPlaces(limits.following);
  const others = createStreamPlaces(limits.others);
  const single = createStreamPlaces(limits.single, singleCalls);
  const files = createStreamPlaces(limits.files, downloads);
  return {
    call({ methodKind, parent }, { values, signal }, { caller }) {
      const kind = methodKind === "unary" ? single : parent === Content ? others : following;
      const place = kind.take(values.get(connectionKey), caller.identity);
      signal.addEventListener("abort", () => place[Symbol.dispose](), { once: true });
      return place;
    },
    file: ({ caller }) => files.take(undefined, caller.identity),
  };
}
