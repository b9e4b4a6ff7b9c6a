import { create } from "@bufbuild/protobuf";
import type { Digest } from "../../content/digest.ts";
import { ContentError } from "../../content/errors.ts";
import type { Status, Store, Writer } from "../../content/store.ts";
import { int64FromWire, int64ToWire, optionalDigestFromWire, timeToWire } from "../../content/wire.ts";
import type { WriteContentRequest, WriteContentResponse } from "../../gen/containerd/services/content/v1/content_pb.js";
import { WriteAction, WriteContentResponseSchema } from "../../gen/containerd/services/content/v1/content_pb.js";
import { labelChanges } from "../policy/call-audit.ts";
import type { Note } from "../policy/facts.ts";

/** What the messages of one write have declared so far; the last value of each counts. */
export interface WriteState {
  /** Bytes; 0 when unknown. */
  total: number;
  /** Absent when unknown. */
  expected: Digest | undefined;
}

/** A ref that is open for writing. Close its writer on every path. */
export interface OpenedWrite {
  readonly writer: Writer;
  /** For applyWrite, which keeps it current. */
  readonly state: WriteState;
}

/**
 * Open the ref that the first message of a write names (containerd's contentserver.go, Write). The message is not
 * applied yet.
 *
 * @param signal ends the wait for the ref's lock
 * @throws `invalid-argument` "first message must have a reference", for an `expected` that does not parse and a `total`
 * beyond 2^53-1; what Store.writer throws
 */
export async function openWrite(
  store: Store,
  request: WriteContentRequest,
  signal?: AbortSignal,
): Promise<OpenedWrite> {
  if (request.ref === "") throw new ContentError("invalid-argument", "first message must have a reference");
  const state: WriteState = { total: 0, expected: undefined };
  declare(state, request);
  const descriptor = { size: state.total, ...(state.expected !== undefined && { digest: state.expected }) };
  return { writer: await store.writer({ ref: request.ref, descriptor }, signal), state };
}

/**
 * Do what one message of a write asks for, the first one included, and answer it (containerd's contentserver.go, Write).
 * The write is over after a COMMIT, and after anything that was thrown.
 *
 * An offset below 0 is refused like any other wrong one; containerd appends there.
 *
 * @param note told of a COMMIT, also of one that is refused; absent: nobody wants to know
 * @throws `already-exists` "blob with expected digest D exists", the ingest is dropped then; `out-of-range`
 * "write @A must occur at current offset B"; `invalid-argument` for an `expected` that does not parse; what the writer throws
 */
export async function applyWrite(
  store: Store,
  writer: Writer,
  state: WriteState,
  request: WriteContentRequest,
  note?: Note,
): Promise<WriteContentResponse> {
  const status = await writer.status();
  if (request.action === WriteAction.COMMIT) note?.({ name: writer.ref, bytes: status.offset });
  if (declare(state, request)) await refuseExisting(store, writer, state.expected);
  switch (request.action) {
    case WriteAction.STAT:
      return answer(request, status.offset, writer.digest(), { status, total: state.total });
    case WriteAction.WRITE:
      return answer(request, await append(writer, status.offset, request), writer.digest());
    case WriteAction.COMMIT:
      return commit(writer, state, request, status, note);
    default:
      throw new ContentError("invalid-argument", `write action ${request.action} is none of STAT, WRITE, COMMIT`);
  }
}

/** Take over what the message declares. @returns true when it declares another digest than the messages before */
function declare(state: WriteState, request: WriteContentRequest): boolean {
  const expected = optionalDigestFromWire(request.expected) ?? state.expected;
  if (request.total > 0n) state.total = int64FromWire(request.total, "total");
  const news = expected !== state.expected;
  state.expected = expected;
  return news;
}

async function refuseExisting(store: Store, writer: Writer, expected: Digest | undefined): Promise<void> {
  if (expected === undefined || !(await isReadable(store, expected))) return;
  await writer.close();
  await store.abort(writer.ref).catch(ignoreContentError);
  throw new ContentError("already-exists", `blob with expected digest ${expected} exists`);
}

/** False for a blob that is to be written: also one that is known, and whose bytes are wrong or missing. */
export async function isReadable(store: Store, digest: Digest): Promise<boolean> {
  try {
    await using _reader = await store.readerAt({ digest });
    return true;
  } catch (error) {
    ignoreContentError(error);
    return false;
  }
}

function ignoreContentError(error: unknown): void {
  if (!(error instanceof ContentError)) throw error;
}

/** Write the message's data where it belongs. @returns the offset after it */
async function append(writer: Writer, current: number, request: WriteContentRequest): Promise<number> {
  const offset = int64FromWire(request.offset, "offset");
  if (offset !== 0 && offset !== current) {
    throw new ContentError("out-of-range", `write @${offset} must occur at current offset ${current}`, {
      offset: current,
    });
  }
  if (offset === 0 && current > 0) await writer.truncate(0);
  if (request.data.length > 0) await writer.write(request.data);
  return offset + request.data.length;
}

async function commit(
  writer: Writer,
  state: WriteState,
  request: WriteContentRequest,
  before: Status,
  note: Note | undefined,
): Promise<WriteContentResponse> {
  const offset = await append(writer, before.offset, request);
  note?.({ bytes: offset, ...(state.expected !== undefined && { digest: state.expected }) });
  const moved = request.data.length > 0 || offset !== before.offset;
  const status = moved ? await writer.status() : before;
  const digest = await writer.commit({
    size: state.total,
    labels: request.labels,
    ...(state.expected !== undefined && { expected: state.expected }),
  });
  note?.({ digest, changes: labelChanges({}, request.labels), done: true });
  return answer(request, offset, digest, { status, total: state.total });
}

/** @param facts what STAT and COMMIT tell beside offset and digest */
function answer(
  { action }: WriteContentRequest,
  offset: number,
  digest: Digest | undefined,
  facts?: { readonly status: Status; readonly total: number },
): WriteContentResponse {
  return create(WriteContentResponseSchema, {
    action,
    offset: int64ToWire(offset, "offset"),
    digest: digest ?? "",
    ...(facts && {
      startedAt: timeToWire(facts.status.startedAt),
      updatedAt: timeToWire(facts.status.updatedAt),
      total: int64ToWire(facts.total, "total"),
    }),
  });
}
