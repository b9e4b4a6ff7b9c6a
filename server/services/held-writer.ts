import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import { ContentError, isKind } from "../../content/errors.ts";
import type { Store } from "../../content/store.ts";
import { int64FromWire, optionalDigestFromWire } from "../../content/wire.ts";
import type { WriteContentRequest, WriteContentResponse } from "../../gen/containerd/services/content/v1/content_pb.js";
import { WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { Note } from "../policy/facts.ts";
import { createTurns } from "./held-turns.ts";
import type { OpenedWrite } from "./write-message.ts";
import { applyWrite, isReadable, openWrite } from "./write-message.ts";

/** One call of a writer that is held between calls. */
export interface HeldCall {
  /** Of the caller. */
  readonly store: Store;
  readonly request: WriteContentRequest;
  /** Let go of the ref after it. */
  readonly close: boolean;
  /** The caller named the writer; false for the first call of one that was not named. */
  readonly named: boolean;
  /** The call's; it ends waiting. */
  readonly signal: AbortSignal;
  /** As of applyWrite. */
  readonly note?: Note | undefined;
}

/** A ref that a client without two-way streams writes to, over any number of calls. */
export interface HeldWriter {
  /** True while it holds its ref. */
  readonly holding: boolean;
  /** True while it has an answer that may have been lost. */
  readonly answered: boolean;
  /**
   * Do what a call asks for, once no other call is under way. The ref is opened where it is not held.
   *
   * @returns absent where there was nothing to let go of
   * @throws what openWrite and applyWrite throw, and the writer holds nothing then; `out-of-range` for an ingest that is not
   * there and would begin in the middle; `unavailable` for too many calls at once, which changes nothing
   */
  write(call: HeldCall): Promise<WriteContentResponse | undefined>;
  /** Let go of the ref, keep the ingest. Only while no call is under way. */
  letGo(): Promise<void>;
}

/** What a writer is made with. */
export interface HeldWriterOptions {
  /** Calls that may wait for one that is under way. */
  readonly waitingCalls: number;
  /** A place among the writers that are held. @throws `resource-exhausted` */
  takePlace(): Disposable;
  /** True once nothing may be held any more. */
  stopping(): boolean;
}

/** A writer that holds nothing yet. */
export function createHeldWriter({ waitingCalls, takePlace, stopping }: HeldWriterOptions): HeldWriter {
  const turns = createTurns(waitingCalls);
  let open: (OpenedWrite & { readonly place: Disposable }) | undefined;
  let last: { readonly mark: string; readonly answer: WriteContentResponse } | undefined;
  let committed = false;

  async function letGo(): Promise<void> {
    if (open === undefined) return;
    const { writer, place } = open;
    open = undefined;
    try {
      await writer.close();
    } finally {
      place[Symbol.dispose]();
    }
  }

  async function hold({ store, request, named, signal }: HeldCall): Promise<NonNullable<typeof open>> {
    if (named) await refuseMiddle(store, request);
    const place = takePlace();
    try {
      return { ...(await openWrite(store, request, signal)), place };
    } catch (error) {
      place[Symbol.dispose]();
      throw error;
    }
  }

  /** What the same message was answered just before: its answer may have been lost. */
  async function again(mark: string | undefined): Promise<WriteContentResponse | undefined> {
    if (mark === undefined || last?.mark !== mark) return undefined;
    // An ingest that was aborted since is gone.
    await open?.writer.status();
    return last.answer;
  }

  async function act(call: HeldCall, mark: string | undefined): Promise<WriteContentResponse> {
    const { store, request } = call;
    if (committed) throw new ContentError("failed-precondition", `writer of ref ${request.ref} is closed`);
    open ??= await hold(call);
    const answer = await applyWrite(store, open.writer, open.state, request, call.note);
    if (mark !== undefined) last = { mark, answer };
    committed = request.action === WriteAction.COMMIT;
    return answer;
  }

  return {
    get holding() {
      return open !== undefined;
    },
    get answered() {
      return last !== undefined;
    },
    letGo,
    async write(call) {
      const { request, close, named, signal } = call;
      using _turn = await turns.take(signal);
      if (open === undefined && named && close && request.action === WriteAction.STAT) return undefined;
      try {
        const mark = markOf(request);
        const answer = (await again(mark)) ?? (await act(call, mark));
        if (close || committed || stopping()) await letGo();
        return answer;
      } catch (error) {
        await letGo();
        if (!committed) last = undefined;
        throw error;
      }
    },
  };
}

/** Tells a message from others that take effect; absent for one that takes none. */
function markOf({ action, offset, total, expected, data, labels }: WriteContentRequest): string | undefined {
  if (action === WriteAction.STAT) return undefined;
  const said = [action, `${offset}`, `${total}`, expected, data.length, crc32(data), labels];
  return hash("sha256", JSON.stringify(said), "base64");
}

/**
 * A writer that is not known any more begins no ingest in the middle: nobody would go on with it.
 *
 * @throws `already-exists` where the declared digest is stored: its commit came through; `out-of-range` otherwise
 */
async function refuseMiddle(store: Store, request: WriteContentRequest): Promise<void> {
  const offset = int64FromWire(request.offset, "offset");
  if (offset <= 0 || request.ref === "" || (await isBegun(store, request.ref))) return;
  const expected = optionalDigestFromWire(request.expected);
  if (expected !== undefined && (await isReadable(store, expected))) {
    throw new ContentError("already-exists", `content ${expected}`);
  }
  throw new ContentError("out-of-range", `write @${offset} must occur at current offset 0`, { offset: 0 });
}

async function isBegun(store: Store, ref: string): Promise<boolean> {
  try {
    await store.status(ref);
    return true;
  } catch (error) {
    if (!isKind(error, "not-found")) throw error;
    return false;
  }
}
