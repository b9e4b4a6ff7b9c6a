import type { MessageInitShape } from "@bufbuild/protobuf";
import type {
  WriteContentRequestSchema,
  WriteContentResponse,
} from "../../gen/containerd/services/content/v1/content_pb.js";
import { WriteAction } from "../../gen/containerd/services/content/v1/content_pb.js";
import type { Digest } from "../digest.ts";
import { algorithmOf, algorithms } from "../digest.ts";
import { ContentError } from "../errors.ts";
import type { CommitOptions, Status, Writer, WriterOptions } from "../store.ts";
import { int64FromWire, int64ToWire, optionalDigestFromWire, statusFromAnswer } from "../wire.ts";

/** One message of Content.Write. */
export type WriteMessage = MessageInitShape<typeof WriteContentRequestSchema>;

/** How messages of one write reach the server and its answers come back; one message at a time. */
export interface WriteChannel {
  /** Data of the next message at most, in bytes. */
  readonly messageBytes: number;
  /** @throws what the server answered, as a ContentError; the write has ended then */
  send(message: WriteMessage): Promise<WriteContentResponse>;
  /** Let go of whatever the channel holds; does not throw. */
  close(): Promise<void>;
}

/**
 * Opens a ref over a channel and writes to it as containerd's proxy does (content/proxy/content_writer.go): a STAT
 * that declares, WRITEs at the offset that the server last told, a COMMIT.
 *
 * After a message that failed the write is over, and what is asked of the writer then gets the same error again.
 * A status tells as `expected` what this writer declared: an answer to STAT carries none.
 *
 * @throws `invalid-argument` for an algorithm other than that of the declared digest (sha256 without one), which no
 * message can tell; whatever the server answers to the open
 */
export async function openRemoteWriter(channel: WriteChannel, options: WriterOptions): Promise<Writer> {
  const { ref, descriptor = {} } = options;
  let ended: ContentError | undefined;
  let closing: Promise<void> | undefined;

  async function send(message: WriteMessage): Promise<WriteContentResponse> {
    if (closing !== undefined) throw new ContentError("failed-precondition", `writer of ref ${ref} is closed`);
    if (ended !== undefined) throw ended;
    try {
      return await channel.send(message);
    } catch (error) {
      if (error instanceof ContentError) ended = error;
      throw error;
    }
  }

  function close(): Promise<void> {
    closing ??= channel.close();
    return closing;
  }

  const stat = (declared: WriteMessage = {}) => send({ ...declared, action: WriteAction.STAT });
  let opened: WriteContentResponse;
  try {
    checkAlgorithm(options);
    opened = await stat({
      ref,
      total: int64ToWire(descriptor.size ?? 0, "total"),
      expected: descriptor.digest ?? "",
    });
  } catch (error) {
    await close();
    throw error;
  }
  let offset = int64FromWire(opened.offset, "offset");
  let digest = optionalDigestFromWire(opened.digest);

  /** Take over what an answer tells. */
  function follow(answer: WriteContentResponse, wantedOffset: number): void {
    const got = int64FromWire(answer.offset, "offset");
    if (got !== wantedOffset) {
      ended = new ContentError("data-loss", `ref ${ref}: the server is at offset ${got}, not ${wantedOffset}`);
      throw ended;
    }
    offset = got;
    digest = optionalDigestFromWire(answer.digest) ?? digest;
  }

  async function append(data: Uint8Array): Promise<void> {
    const answer = await send({ action: WriteAction.WRITE, offset: int64ToWire(offset, "offset"), data });
    follow(answer, offset + data.length);
  }

  return {
    ref,
    async write(data) {
      let sent = 0;
      do {
        const piece = data.subarray(sent, sent + channel.messageBytes);
        await append(piece);
        sent += piece.length;
      } while (sent < data.length);
    },
    async truncate(size) {
      if (size !== 0) throw new ContentError("invalid-argument", `truncate to ${size}: only 0 is possible`);
      const answer = await send({ action: WriteAction.WRITE, offset: 0n });
      follow(answer, 0);
    },
    digest: () => digest,
    async status(): Promise<Status> {
      return statusFromAnswer(await stat(), ref, descriptor.digest);
    },
    async commit(commit: CommitOptions = {}): Promise<Digest> {
      try {
        const answer = await send({
          action: WriteAction.COMMIT,
          offset: int64ToWire(offset, "offset"),
          total: int64ToWire(commit.size ?? 0, "total"),
          expected: commit.expected ?? "",
          labels: { ...commit.labels },
        });
        follow(answer, offset);
        return committedDigest(answer, ref, commit.expected);
      } finally {
        await close();
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function checkAlgorithm({ algorithm, descriptor }: WriterOptions): void {
  const hashedWith = descriptor?.digest === undefined ? algorithms[0] : algorithmOf(descriptor.digest);
  if (algorithm === undefined || algorithm === hashedWith) return;
  throw new ContentError("invalid-argument", `a remote store hashes with ${hashedWith} here, not with ${algorithm}`);
}

function committedDigest(answer: WriteContentResponse, ref: string, expected: Digest | undefined): Digest {
  const digest = optionalDigestFromWire(answer.digest);
  if (digest === undefined || (expected !== undefined && digest !== expected)) {
    throw new ContentError("data-loss", `ref ${ref}: the server committed ${digest ?? "no digest"}, not ${expected}`);
  }
  return digest;
}
