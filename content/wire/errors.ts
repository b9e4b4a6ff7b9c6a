import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorReferenceSchema, OffsetMismatchSchema, RefLockedSchema } from "../../gen/stowage/v1/errors_pb.js";
import type { ErrorFacts, ErrorKind } from "../errors.ts";
import { ContentError } from "../errors.ts";
import { int64FromWire, int64ToWire, timeFromWire, timeToWire, unknownTime } from "./scalars.ts";

/**
 * The one table of kinds: each one's code (containerd's errdefs/grpc.go), and the words that containerd appends to
 * its texts, where containerd 1.6 knows the kind.
 */
const wireKinds: Readonly<Record<ErrorKind, { readonly code: Code; readonly words?: string }>> = {
  "invalid-argument": { code: Code.InvalidArgument, words: "invalid argument" },
  "not-found": { code: Code.NotFound, words: "not found" },
  "already-exists": { code: Code.AlreadyExists, words: "already exists" },
  "failed-precondition": { code: Code.FailedPrecondition, words: "failed precondition" },
  unavailable: { code: Code.Unavailable, words: "unavailable" },
  "not-implemented": { code: Code.Unimplemented, words: "not implemented" },
  "out-of-range": { code: Code.OutOfRange },
  aborted: { code: Code.Aborted },
  cancelled: { code: Code.Canceled },
  "data-loss": { code: Code.DataLoss },
  "resource-exhausted": { code: Code.ResourceExhausted },
  "permission-denied": { code: Code.PermissionDenied },
  unauthenticated: { code: Code.Unauthenticated },
  internal: { code: Code.Internal },
};

/** What a caller reads of an `internal` error; the rest is in the server's log. */
const internalText = "internal error";

/** Codes that connect gives to an answer that stopped short or was none; the peer's own errors carry them too. */
const codesOfCutAnswers: readonly Code[] = [
  Code.InvalidArgument,
  Code.Unknown,
  Code.Internal,
  Code.Aborted,
  Code.Canceled,
];

/**
 * An error for the wire: code, text with containerd's words for its kind (once), facts as details.
 *
 * Of an `internal` error only the reference leaves. A `failed-precondition` always ends in its own words, so that
 * no text turns into another kind in containerd 2.x, which reads `: conflict` and `: not modified`.
 */
export function toConnectError(error: ContentError): ConnectError {
  const { code, words } = wireKinds[error.kind];
  const text = error.kind === "internal" ? internalText : withWords(error.message, words);
  const { locked, offset, reference } = error.facts;
  const details = [
    ...(locked
      ? [{ desc: RefLockedSchema, value: create(RefLockedSchema, { ...locked, since: timeToWire(locked.since) }) }]
      : []),
    ...(offset !== undefined
      ? [{ desc: OffsetMismatchSchema, value: create(OffsetMismatchSchema, { offset: int64ToWire(offset, "offset") }) }]
      : []),
    ...(reference !== undefined
      ? [{ desc: ErrorReferenceSchema, value: create(ErrorReferenceSchema, { id: reference }) }]
      : []),
  ];
  return new ConnectError(text, code, undefined, details, error);
}

/**
 * Whatever a call threw, as a ContentError.
 *
 * What the peer said keeps its kind; a code that has none (UNKNOWN, DEADLINE_EXCEEDED) is `internal` or
 * `unavailable`. An answer that was cut, or a peer that cannot be reached, is `unavailable`.
 *
 * @param signal the caller's; it tells `cancelled` from an answer that a lost HTTP/2 connection cancelled, and a
 * timeout of the caller's is `unavailable`
 */
export function fromConnectError(error: unknown, signal?: AbortSignal): ContentError {
  if (error instanceof ContentError) return error;
  const from = ConnectError.from(error);
  if (from.cause instanceof ContentError) return from.cause;
  if (signal?.aborted && isNamed(signal.reason, "TimeoutError")) {
    return new ContentError("unavailable", "the server took too long", { cause: error });
  }
  if (signal?.aborted || isNamed(error, "AbortError")) {
    return new ContentError("cancelled", "the call was cancelled", { cause: error });
  }
  // Connect marks what it parsed from an answer; everything else it found out by itself.
  const cut = !from.isWireError && codesOfCutAnswers.includes(from.code);
  const kind = cut ? "unavailable" : kindOf(from.code);
  return new ContentError(kind, withoutWords(textOf(from), wireKinds[kind].words), {
    cause: error,
    ...factsOf(from),
  });
}

/**
 * What a server answers for whatever was thrown: a ContentError as it is, an abort as `cancelled`, anything else as
 * `internal` under that reference, with the thrown value as its cause.
 *
 * @param reference the id under which the cause is logged
 */
export function toContentError(error: unknown, reference: string): ContentError {
  if (error instanceof ContentError && error.kind !== "internal") return error;
  if (isNamed(error, "AbortError")) {
    return new ContentError("cancelled", "the call was cancelled", { cause: error });
  }
  return new ContentError("internal", internalText, { cause: error, reference });
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function withWords(text: string, words: string | undefined): string {
  if (words === undefined || text === words || text.endsWith(`: ${words}`)) return text;
  return text === "" ? words : `${text}: ${words}`;
}

function withoutWords(text: string, words: string | undefined): string {
  if (words === undefined) return text;
  if (text === words) return "";
  return text.endsWith(`: ${words}`) ? text.slice(0, -words.length - 2) : text;
}

/** Node's fetch says only that it failed; what the system said, such as that nobody listens there, is the cause of its error. */
function textOf({ rawMessage, cause }: ConnectError): string {
  const reason = cause instanceof TypeError && cause.message === "fetch failed" ? cause.cause : undefined;
  return reason instanceof Error && reason.message !== "" ? `${rawMessage}: ${reason.message}` : rawMessage;
}

function kindOf(code: Code): ErrorKind {
  if (code === Code.DeadlineExceeded) return "unavailable";
  const kinds = Object.keys(wireKinds) as ErrorKind[];
  return kinds.find((kind) => wireKinds[kind].code === code) ?? "internal";
}

function factsOf(error: ConnectError): ErrorFacts {
  const locked = error.findDetails(RefLockedSchema)[0];
  const mismatch = error.findDetails(OffsetMismatchSchema)[0];
  const reference = error.findDetails(ErrorReferenceSchema)[0];
  return {
    ...(locked && {
      locked: { ref: locked.ref, since: timeFromWire(locked.since) ?? unknownTime, holder: locked.holder },
    }),
    ...(mismatch && { offset: int64FromWire(mismatch.offset, "offset") }),
    ...(reference && { reference: reference.id }),
  };
}
