import { randomBytes } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Logger } from "pino";
import { ContentError } from "../../content/errors.ts";
import type { Scope, Store } from "../../content/store.ts";
import { timeToWire } from "../../content/wire.ts";
import type { WriteContentRequest } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { WriteResponseSchema } from "../../gen/stowage/v1/content_pb.js";
import type { Note } from "../policy/facts.ts";
import type { HeldLimits } from "./held-limits.ts";
import { createHeldPlaces, heldLimits } from "./held-limits.ts";
import type { HeldWriter } from "./held-writer.ts";
import { createHeldWriter } from "./held-writer.ts";

/** A call that may go on with a writer. */
export interface WriterCall {
  /** Of the caller's scope. */
  readonly store: Store;
  /** Whose writer it is: the identity, and the namespace. */
  readonly scope: Scope;
  readonly request: WriteContentRequest;
  /** The writer that goes on; empty: a new one. */
  readonly writerId: string;
  /** Let go of the ref after it. */
  readonly close: boolean;
  readonly signal: AbortSignal;
  /** Of the caller's access: nobody holds a ref who may not write any more; absent: they always may. */
  readonly ended?: AbortSignal | undefined;
  /** As of applyWrite. */
  readonly note?: Note | undefined;
}

/** The writers that clients without two-way streams hold between their calls. */
export interface HeldWriters {
  /**
   * Do what one call of a writer asks for; `ContentService.Write` says what that is.
   *
   * @throws `invalid-argument` for an id that is none; what HeldWriter.write throws
   */
  write(call: WriterCall): Promise<MessageInitShape<typeof WriteResponseSchema>>;
}

/** What they are made with. */
export interface HeldWritersOptions {
  /** Aborted when the server begins to stop: all are let go then, so that they can be resumed. */
  readonly stopping: AbortSignal;
  /** Absent: what a server uses. */
  readonly limits?: HeldLimits;
  /** Is told of writers that were let go because no call came; absent: nobody is. */
  readonly logger?: Logger;
}

/** Bytes of an id, and how it is written. */
const idBytes = 16;
const idForm = /^[\w-]{22}$/;

/** A writer, and who uses it. */
interface Entry {
  readonly writer: HeldWriter;
  readonly namespace: string;
  readonly ref: string;
  /** Calls that are under way or wait. */
  calls: number;
  /** There while there are none. */
  rest?: Disposable;
}

/** No writer is held. */
export function createHeldWriters({ stopping, limits = heldLimits, logger }: HeldWritersOptions): HeldWriters {
  const places = createHeldPlaces(limits);
  const entries = new Map<string, Entry>();
  /** Those that only keep an answer, the oldest first. */
  const kept = new Set<string>();

  function forget(key: string): void {
    entries.get(key)?.rest?.[Symbol.dispose]();
    entries.delete(key);
    kept.delete(key);
  }

  /** Nobody calls it for now. */
  function rest(key: string, entry: Entry, ended: AbortSignal | undefined): void {
    const { holding, answered } = entry.writer;
    if (stopping.aborted || !(holding || answered)) return forget(key);
    if (ended?.aborted) return void expire(key, entry);
    entry.rest = whenOver(limits.holdMs, ended, () => void expire(key, entry));
    if (holding) return;
    kept.add(key);
    if (kept.size <= limits.answers) return;
    for (const oldest of kept) return forget(oldest);
  }

  /** Whoever calls for it from now on opens the ref anew, and waits until it is let go. */
  async function expire(key: string, entry: Entry): Promise<void> {
    const { writer, namespace, ref } = entry;
    forget(key);
    if (writer.holding && !stopping.aborted) logger?.info({ namespace, ref }, "no further call of a writer; let go");
    try {
      await writer.letGo();
    } catch (err) {
      logger?.warn({ namespace, ref, err }, "a writer could not be let go");
    }
  }

  function entryOf(key: string, { scope, request }: WriterCall): Entry {
    const known = entries.get(key);
    if (known !== undefined) return known;
    const identity = scope.caller?.identity ?? "";
    const writer = createHeldWriter({
      waitingCalls: limits.waitingCalls,
      takePlace: () => places.take(identity),
      stopping: () => stopping.aborted,
    });
    const entry = { writer, namespace: scope.namespace, ref: request.ref, calls: 0 };
    entries.set(key, entry);
    return entry;
  }

  stopping.addEventListener("abort", () => {
    // Those that are called let go by themselves.
    for (const [key, entry] of entries) if (entry.calls === 0) void expire(key, entry);
  });

  return {
    async write(call) {
      const id = idOf(call.writerId);
      const key = JSON.stringify([call.scope.caller?.identity, call.scope.namespace, call.request.ref, id]);
      const entry = entryOf(key, call);
      entry.rest?.[Symbol.dispose]();
      kept.delete(key);
      entry.calls += 1;
      try {
        const response = await entry.writer.write({ ...call, named: call.writerId !== "" });
        const lockUntil = entry.writer.holding && timeToWire(new Date(Date.now() + limits.holdMs));
        return { writerId: id, ...(response && { response }), ...(lockUntil && { lockUntil }) };
      } finally {
        entry.calls -= 1;
        if (entry.calls === 0) rest(key, entry, call.ended);
      }
    },
  };
}

/** Does something after so many milliseconds, or once a signal aborts, unless it is disposed of before. */
function whenOver(ms: number, ended: AbortSignal | undefined, work: () => void): Disposable {
  const timer = setTimeout(work, ms);
  ended?.addEventListener("abort", work, { once: true });
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      ended?.removeEventListener("abort", work);
    },
  };
}

/** @param given empty: one is made @throws `invalid-argument` */
function idOf(given: string): string {
  if (given === "") return randomBytes(idBytes).toString("base64url");
  if (idForm.test(given)) return given;
  throw new ContentError(
    "invalid-argument",
    `writer_id ${JSON.stringify(given.slice(0, 64))} is none: 22 characters of base64url`,
  );
}
