import { gzipSync } from "node:zlib";
import type { DescMessage, MessageInitShape } from "@bufbuild/protobuf";
import { create, toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import {
  AbortRequestSchema,
  DeleteContentRequestSchema,
  InfoRequestSchema,
  ListContentRequestSchema,
  ListStatusesRequestSchema,
  ReadContentRequestSchema,
  StatusRequestSchema,
  UpdateRequestSchema,
  WriteAction,
  WriteContentRequestSchema,
} from "../../../gen/containerd/services/content/v1/content_pb.js";
import { sha256 } from "../services/calls.ts";

/** Bytes of a message above the limit. */
const tooLong = 0x7fff_ffff;

/** Bytes of what stands before a message. */
export const prefixBytes = 5;

/** So many characters. */
export const text = (size: number): string => "x".repeat(size);
/** Bytes of a blob of several answers, the last one short. */
export const large = 1024 * 1024 + 17;

/** One call as it is sent. */
export interface Call {
  readonly method: string;
  /** Beside the ordinary ones; absent: none. An undefined one is left out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Pieces of the request, each one a write. */
  readonly body: readonly Uint8Array[];
}

/** A message with what stands before it. */
function framed(message: Uint8Array, flags = 0, length = message.length): Buffer {
  const prefix = Buffer.alloc(prefixBytes);
  prefix[0] = flags;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, message]);
}

function message<T extends DescMessage>(schema: T, init: MessageInitShape<T>): Buffer {
  return framed(toBinary(schema, create(schema, init)));
}

/** A message of Write. */
export const write = (init: MessageInitShape<typeof WriteContentRequestSchema>) =>
  message(WriteContentRequestSchema, init);
/** The request of Info. */
export const info = (digest: string) => message(InfoRequestSchema, { digest });
/** The request of Read. */
export const read = (init: MessageInitShape<typeof ReadContentRequestSchema>) =>
  message(ReadContentRequestSchema, init);
/** A whole blob in one message of Write. */
export const commit = (data: string, ref: string) =>
  write({ action: WriteAction.COMMIT, ref, data: Buffer.from(data), expected: sha256(data) });

/** What is stored before every call, beside the text of `large` bytes. */
export const stored = sha256("stored");
/** A call that reads the large blob. */
export const readLarge = { method: "Read", body: [read({ digest: sha256(text(large)) })] };
/** A message of Write that opens a ref. */
export const stat = (ref: string) => write({ action: WriteAction.STAT, ref, total: 6n });

/** The status that the first of some calls ends with, and they, one after another. Each write has a ref of its own. */
type Case = readonly [status: Code | 0, ...Call[]];

/** What can be wrong with a request of any method. */
export const requests: Readonly<Record<string, Case>> = {
  "Info of a blob": [0, { method: "Info", body: [info(stored)] }],
  "Info of one that is not there": [Code.NotFound, { method: "Info", body: [info(sha256("none"))] }],
  "Info of what is no digest": [Code.InvalidArgument, { method: "Info", body: [info("sha256:../../etc/passwd")] }],
  "Info without a namespace": [
    Code.FailedPrecondition,
    { method: "Info", headers: { "containerd-namespace": undefined }, body: [info(stored)] },
  ],
  "Info in what is no namespace": [
    Code.InvalidArgument,
    { method: "Info", headers: { "containerd-namespace": "a/b" }, body: [info(stored)] },
  ],
  "Info in two namespaces": [0, { method: "Info", headers: { "containerd-namespace": "n, m" }, body: [info(stored)] }],
  "Info as +proto": [
    0,
    { method: "Info", headers: { "content-type": "application/grpc+proto" }, body: [info(stored)] },
  ],
  "Info in single bytes": [0, { method: "Info", body: [...info(stored)].map((byte) => Uint8Array.of(byte)) }],
  "no message": [Code.Unimplemented, { method: "Info", body: [] }],
  "two messages": [Code.Unimplemented, { method: "Info", body: [info(stored), info(stored)] }],
  "no message for a stream": [Code.Unimplemented, { method: "Read", body: [] }],
  "two messages for a stream": [
    Code.Unimplemented,
    { method: "List", body: [framed(Buffer.alloc(0)), Buffer.alloc(5)] },
  ],
  "bytes that are no message": [Code.Internal, { method: "Info", body: [framed(Buffer.from([0xff, 0xff, 0xff]))] }],
  "bytes that are no message for a stream": [
    Code.Internal,
    { method: "Read", body: [framed(Buffer.from([0x0a, 0x7f]))] },
  ],
  "half a prefix": [Code.InvalidArgument, { method: "Info", body: [Buffer.alloc(3)] }],
  "half a message": [Code.InvalidArgument, { method: "Info", body: [info(stored).subarray(0, 20)] }],
  "a prefix alone": [Code.Unimplemented, { method: "Info", body: [info(stored).subarray(0, prefixBytes)] }],
  "a message and half of another": [
    Code.InvalidArgument,
    { method: "Info", body: [info(stored), info(stored).subarray(0, 9)] },
  ],
  "a message that says it is too long": [
    Code.ResourceExhausted,
    { method: "Info", body: [framed(Buffer.alloc(2), 0, tooLong)] },
  ],
  "a write that says it is too long": [
    Code.ResourceExhausted,
    { method: "Write", body: [stat("long"), framed(Buffer.alloc(2), 0, tooLong)] },
  ],
  "a message that says it is packed": [Code.Internal, { method: "Info", body: [framed(gzipSync("x"), 1)] }],
  "a message that is packed": [
    0,
    {
      method: "Info",
      headers: { "grpc-encoding": "gzip" },
      body: [framed(gzipSync(info(stored).subarray(prefixBytes)), 1)],
    },
  ],
  "an unknown packing": [
    Code.Unimplemented,
    { method: "Info", headers: { "grpc-encoding": "zstd" }, body: [info(stored)] },
  ],
  "a deadline that is none": [
    Code.InvalidArgument,
    { method: "Info", headers: { "grpc-timeout": "soon" }, body: [info(stored)] },
  ],
  "Info after its deadline": [
    Code.Canceled,
    { method: "Info", headers: { "grpc-timeout": "0m" }, body: [info(stored)] },
  ],
  "Info within its deadline": [0, { method: "Info", headers: { "grpc-timeout": "1H" }, body: [info(stored)] }],
  "Write after its deadline": [
    Code.DeadlineExceeded,
    { method: "Write", headers: { "grpc-timeout": "0m" }, body: [stat("late")] },
  ],
};

/** Methods that read. */
export const reads: Readonly<Record<string, Case>> = {
  "Read of a blob": [0, { method: "Read", body: [read({ digest: stored })] }],
  "Read of a part": [0, { method: "Read", body: [read({ digest: stored, offset: 2n, size: 3n })] }],
  "Read of a large blob": [0, { method: "Read", body: [read({ digest: sha256(text(large)) })] }],
  "Read of its last bytes": [
    0,
    { method: "Read", body: [read({ digest: sha256(text(large)), offset: 300_000n, size: 700_000n })] },
  ],
  "Read at the end": [0, { method: "Read", body: [read({ digest: stored, offset: 6n })] }],
  "Read beyond the end": [Code.OutOfRange, { method: "Read", body: [read({ digest: stored, offset: 7n })] }],
  "Read from below 0": [0, { method: "Read", body: [read({ digest: stored, offset: -1n })] }],
  "Read of what is no digest": [Code.InvalidArgument, { method: "Read", body: [read({ digest: "sha256:x" })] }],
  "Read of one that is not there": [Code.NotFound, { method: "Read", body: [read({ digest: sha256("none") })] }],
  List: [0, { method: "List", body: [message(ListContentRequestSchema, {})] }],
  "List by a filter": [
    0,
    { method: "List", body: [message(ListContentRequestSchema, { filters: [`digest==${stored}`] })] },
  ],
  "List by a bad filter": [
    Code.InvalidArgument,
    { method: "List", body: [message(ListContentRequestSchema, { filters: ["=="] })] },
  ],
};

/** Methods that change something. */
export const changes: Readonly<Record<string, Case>> = {
  Update: [
    0,
    { method: "Update", body: [message(UpdateRequestSchema, { info: { digest: stored, labels: { a: "b" } } })] },
  ],
  "Delete of one that is not there": [
    Code.NotFound,
    { method: "Delete", body: [message(DeleteContentRequestSchema, { digest: sha256("none") })] },
  ],
  "Status, Abort and ListStatuses": [
    0,
    { method: "Write", body: [stat("r"), write({ action: WriteAction.WRITE, data: Buffer.from("abc") })] },
    { method: "ListStatuses", body: [message(ListStatusesRequestSchema, {})] },
    { method: "Status", body: [message(StatusRequestSchema, { ref: "r" })] },
    { method: "Abort", body: [message(AbortRequestSchema, { ref: "r" })] },
    { method: "Status", body: [message(StatusRequestSchema, { ref: "r" })] },
    { method: "Abort", body: [message(AbortRequestSchema, { ref: "r" })] },
  ],
  "a whole write": [
    0,
    {
      method: "Write",
      body: [
        stat("whole"),
        write({ action: WriteAction.WRITE, data: Buffer.from("abc") }),
        write({ action: WriteAction.WRITE, offset: 3n, data: Buffer.from("def") }),
        write({ action: WriteAction.COMMIT, offset: 6n, expected: sha256("abcdef"), labels: { a: "b" } }),
      ],
    },
    { method: "Info", body: [info(sha256("abcdef"))] },
  ],
  "a write of large messages": [
    0,
    {
      method: "Write",
      body: [
        write({ action: WriteAction.WRITE, ref: "large", data: Buffer.from(text(large)) }),
        write({ action: WriteAction.COMMIT, offset: BigInt(large), data: Buffer.from(`${text(large)}!`) }),
      ],
    },
  ],
  "messages after a commit": [0, { method: "Write", body: [commit("ghi", "more"), stat("more"), stat("more")] }],
  "a write of nothing": [0, { method: "Write", body: [] }],
  "a write without a ref": [Code.InvalidArgument, { method: "Write", body: [write({ action: WriteAction.STAT })] }],
  "a write of no action": [
    Code.InvalidArgument,
    { method: "Write", body: [write({ ref: "odd", action: 9 as WriteAction })] },
  ],
  "a write at another offset": [
    Code.OutOfRange,
    {
      method: "Write",
      body: [stat("offset"), write({ action: WriteAction.WRITE, offset: 5n, data: Buffer.from("abc") })],
    },
  ],
  "a commit of another digest": [
    Code.FailedPrecondition,
    {
      method: "Write",
      body: [write({ action: WriteAction.COMMIT, ref: "digest", data: Buffer.from("abc"), expected: sha256("def") })],
    },
  ],
  "a write of what is there": [Code.AlreadyExists, { method: "Write", body: [commit("stored", "again")] }],
  "bytes that are no message, in a write": [
    Code.Internal,
    { method: "Write", body: [stat("garbage"), framed(Buffer.from([0xff]))] },
  ],
  "half a message, in a write": [
    Code.InvalidArgument,
    { method: "Write", body: [stat("half"), stat("half").subarray(0, 8)] },
  ],
  Delete: [
    0,
    { method: "Delete", body: [message(DeleteContentRequestSchema, { digest: stored })] },
    { method: "Info", body: [info(stored)] },
  ],
  "an unknown method": [Code.Unimplemented, { method: "Copy", body: [framed(Buffer.alloc(0))] }],
};
