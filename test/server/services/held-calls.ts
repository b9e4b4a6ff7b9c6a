import type { MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { Store } from "../../../content/store.ts";
import { WriteAction, WriteContentRequestSchema } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { HeldLimits } from "../../../server/services/held-limits.ts";
import { heldLimits } from "../../../server/services/held-limits.ts";
import { createHeldWriters } from "../../../server/services/held-writers.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { createRefLocks } from "../../../server/stores/ref-locks.ts";
import { createLog } from "../../support/log.ts";
import { bytesOf } from "./calls.ts";

/** Who calls, and what a call says of its writer. */
interface Said {
  readonly writerId?: string;
  readonly close?: boolean;
  readonly identity?: string;
  readonly namespace?: string;
  readonly signal?: AbortSignal;
  readonly ended?: AbortSignal;
}

type Message = MessageInitShape<typeof WriteContentRequestSchema>;

/** Writers over a store in memory, whose locks are not waited for. */
export function openHeld(
  limits: Partial<HeldLimits> = {},
  store: Store = createMemoryStore({ locks: createRefLocks({ waitMs: 0 }) }),
) {
  const stopping = new AbortController();
  const { logger, lines } = createLog();
  const options = { stopping: stopping.signal, limits: { ...heldLimits, ...limits }, logger };
  let writers = createHeldWriters(options);
  const call = (message: Message, said: Said = {}) => {
    const {
      writerId = "",
      close = false,
      identity = "",
      namespace = "n",
      signal = new AbortController().signal,
      ended,
    } = said;
    const caller = { identity, userAgent: "", address: "" };
    const request = create(WriteContentRequestSchema, { ref: "r", ...message });
    return writers.write({ store, scope: { namespace, caller }, request, writerId, close, signal, ended });
  };
  return {
    store,
    stopping,
    lines,
    stat: (said?: Said, ref = "r") => call({ action: WriteAction.STAT, ref }, said),
    write: (offset: number, text: string, said?: Said) =>
      call({ action: WriteAction.WRITE, offset: BigInt(offset), data: bytesOf(text) }, said),
    commit: (offset: number, said?: Said, message: Message = {}) =>
      call({ action: WriteAction.COMMIT, offset: BigInt(offset), ...message }, said),
    isHeld: async (ref = "r") => {
      try {
        await using _writer = await store.writer({ ref });
        return false;
      } catch {
        return true;
      }
    },
    /** As a server that starts anew on the same store, whose locks and writers were those of the process before. */
    restart() {
      stopping.abort();
      writers = createHeldWriters({ ...options, stopping: new AbortController().signal });
    },
  };
}
