import { Code, ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ContentError, type ErrorKind } from "../../../content/errors.ts";
import { fromConnectError, toConnectError, toContentError } from "../../../content/wire.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";

/** What a client gets of an error that a server threw, over a real protocol. */
async function overTheWire(thrown: ConnectError): Promise<ConnectError> {
  const transport = createRouterTransport((router) =>
    router.service(Content, {
      info() {
        throw thrown;
      },
    }),
  );
  const answer = createClient(Content, transport).info({});
  return answer.then(
    () => expect.unreachable(),
    (error: unknown) => ConnectError.from(error),
  );
}

const codes: Record<ErrorKind, Code> = {
  "invalid-argument": Code.InvalidArgument,
  "not-found": Code.NotFound,
  "already-exists": Code.AlreadyExists,
  "failed-precondition": Code.FailedPrecondition,
  unavailable: Code.Unavailable,
  "out-of-range": Code.OutOfRange,
  aborted: Code.Aborted,
  cancelled: Code.Canceled,
  "data-loss": Code.DataLoss,
  "resource-exhausted": Code.ResourceExhausted,
  "permission-denied": Code.PermissionDenied,
  unauthenticated: Code.Unauthenticated,
  "not-implemented": Code.Unimplemented,
  internal: Code.Internal,
};

const kinds = Object.keys(codes) as ErrorKind[];

test.each(kinds)("%s keeps its kind and text over the wire", async (kind) => {
  const got = await overTheWire(toConnectError(new ContentError(kind, "some text")));
  expect(got.code).toBe(codes[kind]);
  const back = fromConnectError(got);
  expect(back.kind).toBe(kind);
  expect(back.message).toBe(kind === "internal" ? "internal error" : "some text");
});

describe("containerd's words", () => {
  test.each([
    ["not-found", "content sha256:1", "content sha256:1: not found"],
    ["already-exists", "content sha256:1", "content sha256:1: already exists"],
    ["invalid-argument", "ref", "ref: invalid argument"],
    ["failed-precondition", "size", "size: failed precondition"],
    ["unavailable", "ref r locked", "ref r locked: unavailable"],
    ["not-implemented", "x", "x: not implemented"],
    ["not-found", "content: not found", "content: not found"],
    ["not-found", "", "not found"],
    ["not-found", "not found", "not found"],
    ["aborted", "ingest", "ingest"],
  ] as const)("%s %j is sent as %j", (kind, text, sent) => {
    expect(toConnectError(new ContentError(kind, text)).rawMessage).toBe(sent);
  });

  test("keep a text from becoming another kind in containerd 2", () => {
    for (const words of ["conflict", "not modified"]) {
      const { rawMessage } = toConnectError(new ContentError("failed-precondition", `label: ${words}`));
      expect(rawMessage).toBe(`label: ${words}: failed precondition`);
    }
  });

  test("are taken off once, only those of the kind", async () => {
    const texts = ["a: not found", "a: not found: not found", "a: already exists", "not found"];
    const got = texts.map((text) => fromConnectError(new ConnectError(text, Code.NotFound)).message);
    expect(got).toEqual(["a", "a: not found", "a: already exists", ""]);
  });
});

test("facts travel with their error", async () => {
  const locked = { ref: "r", since: new Date("2026-11-24T09:10:11.123Z"), holder: "mei · unix socket" };
  const facts = [{ locked }, { offset: 42 }, { offset: 0 }];
  for (const fact of facts) {
    const got = await overTheWire(toConnectError(new ContentError("unavailable", "x", fact)));
    expect(fromConnectError(got).facts).toEqual(fact);
  }
});

describe("what a server did not expect", () => {
  test("reaches the client as an id and nothing else", async () => {
    const cause = new Error("ENOENT: /var/secret");
    const error = toContentError(cause, "call-7");
    expect(error.cause).toBe(cause);
    const back = fromConnectError(await overTheWire(toConnectError(error)));
    expect(back.kind).toBe("internal");
    expect(back.message).toBe("internal error");
    expect(back.facts).toEqual({ reference: "call-7" });
  });

  test("keeps the text of an internal error for the log only", () => {
    const error = new ContentError("internal", "row 7 has no digest");
    expect(toContentError(error, "call-8")).toMatchObject({ message: "internal error", cause: error });
  });

  test("is cancelled when the call was aborted, and as it is when it has a kind", () => {
    expect(toContentError(new DOMException("This operation was aborted", "AbortError"), "x").kind).toBe("cancelled");
    const known = new ContentError("not-found", "content");
    expect(toContentError(known, "x")).toBe(known);
  });
});

describe("an error that no server sent", () => {
  test("of Node's fetch says what the system said", () => {
    const refused = new Error("connect ECONNREFUSED 127.0.0.1:3000");
    const error = fromConnectError(new TypeError("fetch failed", { cause: refused }));
    expect(error).toMatchObject({ kind: "unavailable", message: `fetch failed: ${refused.message}` });
    expect(fromConnectError(new TypeError("fetch failed")).message).toBe("fetch failed");
  });
  test("is unavailable where the connection or the answer broke", () => {
    const broken = [
      new TypeError("Failed to fetch"),
      new ConnectError("protocol error: missing EndStreamResponse", Code.InvalidArgument),
      new ConnectError("protocol error: missing trailer", Code.Internal),
      new ConnectError("read ECONNRESET", Code.Aborted),
      "missing EndStreamResponse",
    ];
    for (const error of broken) expect(fromConnectError(error).kind).toBe("unavailable");
  });

  test("says what HTTP said", () => {
    const refused = fromConnectError(new ConnectError("HTTP 403", Code.PermissionDenied));
    expect(refused).toMatchObject({ kind: "permission-denied", message: "HTTP 403" });
  });
});

test("a server's own UNKNOWN is internal, with its text; its DEADLINE_EXCEEDED is unavailable", async () => {
  const unknown = await overTheWire(new ConnectError("truncate failed: EIO", Code.Unknown));
  expect(fromConnectError(unknown)).toMatchObject({ kind: "internal", message: "truncate failed: EIO" });
  const late = await overTheWire(new ConnectError("too late", Code.DeadlineExceeded));
  expect(fromConnectError(late).kind).toBe("unavailable");
});
