import type { DescMethod, Message } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { ContentError } from "../../content/errors.ts";
import { WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { WriteRequest, WriteResponse } from "../../gen/stowage/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import type { Heard } from "./note-writes.ts";
import { deaf } from "./note-writes.ts";

/** How many writers each caller may hold at a node, and how long it holds one after a call, in milliseconds. */
export interface HeldRoomLimits {
  readonly perIdentity: number;
  readonly holdMs: number;
}

/** A node holds 256 for this server, which is one caller to it. */
export const heldRoomLimits: HeldRoomLimits = { perIdentity: 64, holdMs: 30_000 };

/** Room for the writers that callers hold at a node between single calls. */
export interface HeldRoom {
  /**
   * Hears the messages of a call, and refuses a writer too many.
   *
   * @param identity of the caller; empty: one that has no name, whom the node's own limit is for
   * @throws where it hears a request: `resource-exhausted`
   */
  hear(method: DescMethod, identity: string): Heard;
}

/** @param name of the store, for errors */
export function createHeldRoom(name: string, { perIdentity, holdMs }: HeldRoomLimits = heldRoomLimits): HeldRoom {
  /** Until when a writer may be held, on the clock of performance.now(), by its id, by who holds it. */
  const held = new Map<string, Map<string, number>>();
  /** Writers that were not named by their first call. */
  let unnamed = 0;

  function heldBy(identity: string): Map<string, number> {
    const own = held.get(identity) ?? new Map<string, number>();
    const nowMs = performance.now();
    for (const [id, untilMs] of own) if (untilMs <= nowMs) own.delete(id);
    held.set(identity, own);
    return own;
  }

  function letGo(identity: string, id: string): void {
    const own = held.get(identity);
    own?.delete(id);
    if (own?.size === 0) held.delete(identity);
  }

  return {
    hear(method, identity) {
      if (method !== ContentService.method.write || identity === "") return deaf;
      let id = "";
      return {
        asked(message: Message) {
          const { request, writerId, close } = message as WriteRequest;
          // What is over with its only call is not held.
          if (writerId === "" && (close || request?.action === WriteAction.COMMIT)) return;
          id = writerId || `unnamed ${(unnamed += 1)}`;
          const own = heldBy(identity);
          if (!own.has(id) && own.size >= perIdentity) {
            const text = `more than ${perIdentity} writers you hold at store ${name}; commit some, or let go of them with close`;
            throw new ContentError("resource-exhausted", text);
          }
          own.set(id, performance.now() + holdMs);
        },
        answered(message: Message) {
          const { writerId, lockUntil } = message as WriteResponse;
          letGo(identity, id);
          if (lockUntil !== undefined) heldBy(identity).set(writerId, performance.now() + holdMs);
        },
        failed(thrown) {
          // A node that said no holds nothing; of one that said nothing it is not known.
          if (ConnectError.from(thrown).isWireError) letGo(identity, id);
        },
      };
    },
  };
}
