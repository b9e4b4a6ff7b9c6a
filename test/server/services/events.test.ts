import { createRegistry } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { Code, createClient } from "@connectrpc/connect";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Digest } from "../../../content/digest.ts";
import { file_containerd_events_content } from "../../../gen/containerd/events/content_pb.js";
import { file_containerd_events_image } from "../../../gen/containerd/events/image_pb.js";
import { file_containerd_events_namespace } from "../../../gen/containerd/events/namespace_pb.js";
import { Events } from "../../../gen/containerd/services/events/v1/events_pb.js";
import type { Envelope } from "../../../gen/containerd/types/event_pb.js";
import { createEvents } from "../../../server/events/events.ts";
import { createEventsService } from "../../../server/services/events.ts";
import { failure, headers, transportTo } from "./calls.ts";

const digest = `sha256:${"0".repeat(64)}` as Digest;
const message = { typeUrl: "some.Type", value: new Uint8Array([1, 2]) };
const registry = createRegistry(
  file_containerd_events_content,
  file_containerd_events_image,
  file_containerd_events_namespace,
);

function open() {
  const stop = new AbortController();
  const bus = createEvents({ stopping: stop.signal });
  let subscribers = 0;
  bus.addSource(() => {
    subscribers += 1;
    return () => {
      subscribers -= 1;
    };
  });
  const service = createEventsService(bus, { perConnection: 2, overall: 2 });
  const client = createClient(Events, transportTo(service));

  /** What a subscriber heard so far, once it is one. */
  async function subscribe(...filters: readonly string[]) {
    const leave = new AbortController();
    const heard: Envelope[] = [];
    const ended = (async () => {
      for await (const event of client.subscribe({ filters: [...filters] }, { signal: leave.signal }))
        heard.push(event);
    })();
    ended.catch(() => undefined);
    onTestFinished(() => leave.abort());
    await expect.poll(() => subscribers).toBe(1);
    return { heard, ended, leave, count: (count: number) => expect.poll(() => heard).toHaveLength(count) };
  }
  return { bus, stop, client, subscribe, watched: () => subscribers > 0 };
}

describe("Subscribe", () => {
  test("sends what the server did, each message under the bare name of its type", async () => {
    const { bus, subscribe } = open();
    const { heard, count } = await subscribe();
    bus.publish("n", "/content/create", { digest, size: 3 });
    bus.publish("n", "/content/delete", { digest });
    bus.publish("n", "/images/create", { name: "i", labels: { a: "b" } });
    bus.publish("n", "/images/update", { name: "i", labels: {} });
    bus.publish("n", "/images/delete", { name: "i" });
    bus.publish("m", "/namespaces/create", { name: "m", labels: {} });
    bus.publish("m", "/namespaces/update", { name: "m", labels: { a: "b" } });
    bus.publish("m", "/namespaces/delete", { name: "m" });
    await count(8);
    expect(heard.map(({ topic, event }) => [topic, event?.typeUrl])).toEqual([
      ["/content/create", "containerd.events.ContentCreate"],
      ["/content/delete", "containerd.events.ContentDelete"],
      ["/images/create", "containerd.services.images.v1.ImageCreate"],
      ["/images/update", "containerd.services.images.v1.ImageUpdate"],
      ["/images/delete", "containerd.services.images.v1.ImageDelete"],
      ["/namespaces/create", "containerd.events.NamespaceCreate"],
      ["/namespaces/update", "containerd.events.NamespaceUpdate"],
      ["/namespaces/delete", "containerd.events.NamespaceDelete"],
    ]);
    const messages = heard.map(({ event }) => event && anyUnpack(event, registry));
    expect(messages).toMatchObject([
      { digest, size: 3n },
      { digest },
      { name: "i", labels: { a: "b" } },
      { name: "i", labels: {} },
      { name: "i" },
      { name: "m", labels: {} },
      { name: "m", labels: { a: "b" } },
      { name: "m" },
    ]);
    expect(heard[0]?.namespace).toBe("n");
    expect(Number(heard[0]?.timestamp?.seconds)).toBeGreaterThan(1_700_000_000);
  });

  test("hears of every namespace unless a filter says otherwise, and needs none itself", async () => {
    const { bus, subscribe } = open();
    const { heard, count } = await subscribe('namespace==n,topic~="/content/"', 'topic=="/images/delete"');
    bus.publish("m", "/content/delete", { digest });
    bus.publish("n", "/content/delete", { digest });
    bus.publish("m", "/images/delete", { name: "i" });
    await count(2);
    expect(heard.map(({ topic }) => topic)).toEqual(["/content/delete", "/images/delete"]);
  });

  test("refuses a filter that does not parse", async () => {
    const { client } = open();
    const error = await failure(Array.fromAsync(client.subscribe({ filters: ["topic=="] })));
    expect(error.code).toBe(Code.InvalidArgument);
    expect(error.rawMessage).toMatch(
      /^subscription error: failed parsing subscription filters: filters: parse error: /,
    );
  });

  test("lets go of the bus when its client leaves, and of its place", async () => {
    const { client, subscribe, watched } = open();
    for (let turn = 0; turn < 3; turn += 1) {
      const { leave } = await subscribe();
      leave.abort();
      await expect.poll(watched).toBe(false);
    }
    await subscribe();
    await subscribe();
    const error = await failure(Array.fromAsync(client.subscribe({})));
    expect(error.code).toBe(Code.ResourceExhausted);
  });

  test("ends with the server", async () => {
    const { stop, subscribe } = open();
    const { ended } = await subscribe();
    stop.abort();
    expect((await failure(ended)).code).toBe(Code.Unavailable);
  });
});

describe("Publish", () => {
  test("tells an event in the call's namespace, with its message as it came", async () => {
    const { client, subscribe } = open();
    const { heard, count } = await subscribe();
    await client.publish({ topic: "/mine/thing", event: message }, { headers });
    await count(1);
    expect(heard[0]).toMatchObject({ namespace: "n", topic: "/mine/thing", event: message });
    expect(Number(heard[0]?.timestamp?.seconds)).toBeGreaterThan(1_700_000_000);
  });

  test("refuses what is none, in containerd's words", async () => {
    const { client } = open();
    const refusal = async (call: Promise<unknown>) => {
      const { code, rawMessage } = await failure(call);
      return [code, rawMessage];
    };
    expect(await refusal(client.publish({ topic: "/a", event: message }))).toEqual([
      Code.FailedPrecondition,
      "failed publishing event: namespace is required: failed precondition",
    ]);
    expect(await refusal(client.publish({ topic: "a", event: message }, { headers }))).toEqual([
      Code.InvalidArgument,
      "envelope topic \"a\": must start with '/': invalid argument",
    ]);
    // A containerd ends over this one.
    expect(await refusal(client.publish({ topic: "/a" }, { headers }))).toEqual([
      Code.InvalidArgument,
      "an event without a message: invalid argument",
    ]);
    const large = { ...message, value: new Uint8Array(256 * 1024 + 1) };
    expect(await refusal(client.publish({ topic: "/a", event: large }, { headers }))).toEqual([
      Code.InvalidArgument,
      "event greater than maximum size (262144 bytes): invalid argument",
    ]);
  });
});

describe("Forward", () => {
  const envelope = { namespace: "q", topic: "/a", timestamp: { seconds: 7n, nanos: 5000 }, event: message };

  test("tells an event with the namespace and the time that it brings", async () => {
    const { client, subscribe } = open();
    const { heard, count } = await subscribe();
    await client.forward({ envelope });
    await count(1);
    expect(heard[0]).toMatchObject(envelope);
  });

  test("refuses an envelope that lacks something", async () => {
    const { client } = open();
    const refusal = async (part: object) =>
      (await failure(client.forward({ envelope: { ...envelope, ...part } }))).rawMessage;
    expect(await refusal({ namespace: "" })).toBe(
      "event envelope has invalid namespace: identifier must not be empty: invalid argument",
    );
    expect(await refusal({ topic: "a" })).toBe("envelope topic \"a\": must start with '/': invalid argument");
    expect(await refusal({ timestamp: undefined })).toBe("timestamp must be set on forwarded event: invalid argument");
    expect((await failure(client.forward({}))).code).toBe(Code.InvalidArgument);
  });
});
