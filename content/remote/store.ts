import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { Content } from "../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import type { Info, Store, Writer, WriterOptions } from "../store.ts";
import { infoFromWire, statusFromWire } from "../wire.ts";
import type { CallScope, LeftOut } from "./call.ts";
import { answerOf, headersOf, messagesOf, readable, wanted } from "./call.ts";
import { createRemoteReader } from "./reader.ts";
import { createStreamChannel } from "./stream-channel.ts";
import type { UnaryOptions } from "./unary-channel.ts";
import { createUnaryChannel } from "./unary-channel.ts";
import { openRemoteWriter } from "./writer.ts";

export interface RemoteOptions extends CallScope, UnaryOptions {
  /**
   * How a writer reaches the server; absent: `stream`. Both hold the ref's lock.
   *
   * - `stream`: one two-way call of Content.Write; any containerd has it. Needs HTTP/2.
   * - `unary`: a call for each message (createUnaryChannel says what that means); for browsers, and only where the
   *   server has stowage.v1.ContentService: elsewhere opening a writer is `not-implemented`.
   */
  readonly writer?: "stream" | "unary";
  /** Told of a blob or an ingest of a list that cannot be read, and is left out; absent: the list ends in its error. */
  readonly leftOut?: LeftOut;
}

/**
 * A Store over any Connect transport, in a browser or in Node: a Stowage, a containerd or another server of
 * containerd's content service (containerd's content/proxy).
 *
 * Errors and their texts are those of the store behind the server; one that cannot be reached is `unavailable`.
 * A signal that is given to `readerAt` or `writer` also ends what is later done with the reader or writer.
 *
 * @throws `invalid-argument` for a namespace, lease or store that no header can hold
 */
export function createRemoteStore(transport: Transport, options: RemoteOptions = {}): Store {
  const headers = headersOf(options);
  const client = createClient(Content, transport);

  async function info(digest: Info["digest"], signal?: AbortSignal): Promise<Info> {
    return wanted((await answerOf(client.info({ digest }, { headers, signal }), signal)).info, infoFromWire);
  }

  return {
    info,
    async update({ digest, labels }, fieldpaths = []) {
      const updateMask = fieldpaths.length === 0 ? {} : { updateMask: { paths: [...fieldpaths] } };
      const request = { info: { digest, labels: { ...labels } }, ...updateMask };
      return wanted((await answerOf(client.update(request, { headers }))).info, infoFromWire);
    },
    async *walk(filters = [], signal) {
      const request = { filters: [...filters] };
      for await (const answer of messagesOf((s) => client.list(request, { headers, signal: s }), signal)) {
        yield* readable(answer.info, infoFromWire, options.leftOut);
      }
    },
    async delete(digest) {
      await answerOf(client.delete({ digest }, { headers }));
    },
    async readerAt({ digest }, signal) {
      const { size } = await info(digest, signal);
      return createRemoteReader(client, headers, digest, size, signal);
    },
    writer(writerOptions: WriterOptions, signal?: AbortSignal): Promise<Writer> {
      const channel =
        options.writer === "unary"
          ? createUnaryChannel(
              createClient(ContentService, transport),
              scopeOf(options),
              writerOptions,
              options,
              signal,
            )
          : createStreamChannel(client, headers, signal);
      return openRemoteWriter(channel, writerOptions);
    },
    async status(ref, signal) {
      return wanted((await answerOf(client.status({ ref }, { headers, signal }), signal)).status, statusFromWire);
    },
    async *listStatuses(filters = [], signal) {
      const request = { filters: [...filters] };
      const answer = await answerOf(client.listStatuses(request, { headers, signal }), signal);
      yield* readable(answer.statuses, statusFromWire, options.leftOut);
    },
    async abort(ref) {
      await answerOf(client.abort({ ref }, { headers }));
    },
  };
}

/** Of the options only what says whom calls are for. */
function scopeOf({ namespace, lease, store }: CallScope): CallScope {
  return {
    ...(namespace !== undefined && { namespace }),
    ...(lease !== undefined && { lease }),
    ...(store !== undefined && { store }),
  };
}
