import { createHash } from "node:crypto";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import { ConnectError, createClient, createRouterTransport } from "@connectrpc/connect";
import { expect } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Store } from "../../../content/store.ts";
import type {
  WriteContentRequestSchema,
  WriteContentResponse,
} from "../../../gen/containerd/services/content/v1/content_pb.js";
import { Content, WriteAction } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { Service } from "../../../server/plugins/service.ts";
import { createPolicy } from "../../../server/policy/interceptor.ts";
import { createContentService } from "../../../server/services/content.ts";
import { createMemoryStore } from "../../../server/stores/memory/store.ts";
import { createLog } from "../../support/log.ts";
import { scanOf } from "../../support/scan-of.ts";

/** Of every call but those about namespaces. */
export const headers = { "containerd-namespace": "n" } as const;

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

export function sha256(text: string): Digest {
  return makeDigest("sha256", createHash("sha256").update(text).digest("hex"));
}

/** A transport, without a network, to services behind the policy. */
export function transportTo(...services: readonly Service[]) {
  const { interceptor } = createPolicy(createLog().logger);
  return createRouterTransport(
    (router) => {
      for (const service of services) service.register(router);
    },
    { router: { interceptors: [interceptor] } },
  );
}

/** A client of the content service over a bare store in memory. */
export function serveContent(store: Store = createMemoryStore()) {
  const client = createClient(Content, transportTo(createContentService({ in: () => store, scan: scanOf(store) })));
  return { store, client };
}

/** Put a blob in. */
export async function putBlob(store: Store, text: string): Promise<Digest> {
  await using writer = await store.writer({ ref: `put-${text.slice(0, 20)}` });
  await writer.write(bytesOf(text));
  return await writer.commit();
}

/** What a call failed with; fails when it did not. */
export async function failure(call: Promise<unknown>): Promise<ConnectError> {
  return call.then(
    () => expect.fail("the call did not fail"),
    (error: unknown) => ConnectError.from(error),
  );
}

type Message = MessageInitShape<typeof WriteContentRequestSchema>;

/** A write whose messages are sent one by one. */
export interface WriteCall {
  /** Send a message; its answer, which is `undefined` where the call has ended without one. */
  send(message: Message): Promise<WriteContentResponse | undefined>;
  stat(message?: Message): Promise<WriteContentResponse | undefined>;
  write(offset: number, text: string, message?: Message): Promise<WriteContentResponse | undefined>;
  commit(offset: number, message?: Message): Promise<WriteContentResponse | undefined>;
  /** Half-close, and wait for the call's end. */
  end(): Promise<void>;
}

/** Begin a write; nothing is sent yet. */
export function beginWrite(client: Client<typeof Content>): WriteCall {
  const waiting: (Message | "end")[] = [];
  let wake: (() => void) | undefined;
  async function* messages(): AsyncGenerator<Message> {
    for (;;) {
      const next = waiting.shift();
      if (next === "end") return;
      if (next !== undefined) yield next;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
  }
  const push = (message: Message | "end") => {
    waiting.push(message);
    wake?.();
  };
  const answers = client.write(messages(), { headers })[Symbol.asyncIterator]();
  async function send(message: Message) {
    push(message);
    const { value } = await answers.next();
    return value as WriteContentResponse | undefined;
  }
  return {
    send,
    stat: (message = {}) => send({ action: WriteAction.STAT, ...message }),
    write: (offset, text, message = {}) =>
      send({ action: WriteAction.WRITE, offset: BigInt(offset), data: bytesOf(text), ...message }),
    commit: (offset, message = {}) => send({ action: WriteAction.COMMIT, offset: BigInt(offset), ...message }),
    async end() {
      push("end");
      while (!(await answers.next()).done);
    },
  };
}
