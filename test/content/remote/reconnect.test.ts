import { once } from "node:events";
import { createRouterTransport } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { followBlobs } from "../../../content/remote/follow.ts";
import { defaultTiming } from "../../../content/remote/follow-options.ts";
import { reconnecting } from "../../../content/remote/reconnect.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";

test("a server that ends each stream at once, in order, is not asked in a loop", async () => {
  const ended = new AbortController();
  let opened = 0;
  async function* source() {
    opened += 1;
    yield { kind: "bookmark" } as const;
  }
  const timing = { ...defaultTiming, minDelayMs: 50 };
  const begun = performance.now();
  for await (const { kind } of reconnecting(source, timing, undefined, ended.signal)) {
    if (kind === "bookmark" && opened === 5) ended.abort();
  }
  expect(performance.now() - begun).toBeGreaterThan(3 * 50 - 10);
});

test("a polled server that hears and does not answer is waiting, and not connecting for ever", async () => {
  const ended = new AbortController();
  const transport = createRouterTransport(({ service }) => {
    service(Content, {
      // biome-ignore lint/correctness/useYield: it has nothing to say.
      async *list(_, { signal }) {
        await once(signal, "abort");
      },
    });
  });
  const timing = { firstMessageMs: 50, minDelayMs: 5 };
  for await (const event of followBlobs(transport, { timing }, ended.signal)) {
    if (event.kind !== "connection" || event.state !== "waiting") continue;
    expect(event.reason).toBe("nothing came from the server for 0.05 s");
    ended.abort();
  }
  expect(ended.signal.aborted).toBe(true);
});
