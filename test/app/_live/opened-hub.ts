import { onTestFinished } from "vitest";
import type { HubLimits } from "../../../app/_live/hub.ts";
import { createHub } from "../../../app/_live/hub.ts";
import type { HubClient } from "../../../app/_live/hub-client.ts";
import { createHubClient } from "../../../app/_live/hub-client.ts";
import type { FromHub, ToHub } from "../../../app/_live/hub-messages.ts";
import type { LiveEvent } from "../../../app/_live/live-event.ts";
import type { BeginEvent, BlobEvent, ConnectionEvent, IngestEvent } from "../../../content/remote/events.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { createTestServer } from "./hub-link.ts";
import { blobOf, ingestOf } from "./rows.ts";

/** A hub's limits, under which no tab is given up for being slow. */
export const limits: HubLimits = {
  blobStreams: 2,
  ingestStreams: 2,
  lookMs: 20,
  frameMs: 1,
  events: 100,
  patienceMs: 60_000,
};

/** What a set begins with. */
export const begin: BeginEvent = { kind: "begin", source: "stream", heartbeatMs: 10_000 };
/** The connection is there, and it is lost. */
export const live: ConnectionEvent = { kind: "connection", state: "live", attempt: 0 };
export const waiting: ConnectionEvent = { kind: "connection", state: "waiting", attempt: 1, reason: "cut" };
/** Blobs by the beginnings of their digests. */
export const blobs = (...hexes: readonly string[]): BlobEvent => ({
  kind: "blobs",
  blobs: hexes.map((hex) => blobOf(hex)),
});
/** Ingests by their refs. */
export const ingests = (...refs: readonly string[]): IngestEvent => ({
  kind: "ingests",
  ingests: refs.map((ref) => ingestOf(ref)),
});

/** A hub whose tabs are at the other ends of message channels. */
export function openHub(changes: Partial<HubLimits> = {}) {
  const server = createTestServer();
  const hub = createHub(server, { ...limits, ...changes });
  onTestFinished(hub.close);

  function openTab() {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const hear = hub.join((message) => port1.postMessage(message));
    port1.onmessage = ({ data }: MessageEvent<ToHub>) => hear(data);
    let reconnections = 0;
    const say = (message: ToHub) => port2.postMessage(message);
    const client = createHubClient(say, () => (reconnections += 1));
    port2.onmessage = ({ data }: MessageEvent<FromHub>) => client.hear(data);
    return { client, say, port: port2, reconnections: () => reconnections };
  }
  return { server, openTab, until: (is: () => boolean) => waitUntil(is) };
}

/** Every namespace. */
export const everywhere = { namespaces: ["*"] };

/** Asks for a set. */
export type Ask = (client: HubClient, signal: AbortSignal) => AsyncIterable<LiveEvent>;
export const blobsOf =
  (selection = everywhere, limit = 0): Ask =>
  (client, signal) =>
    client.blobs({ selection, limit }, signal);
export const ingestsOf =
  (selection = everywhere): Ask =>
  (client, signal) =>
    client.ingests({ selection }, signal);

/** What one tab is told of one set. */
export function follow(client: HubClient, ask: Ask) {
  const over = new AbortController();
  const events: LiveEvent[] = [];
  let error: unknown;
  const read = async () => {
    for await (const event of ask(client, over.signal)) events.push(event);
  };
  read().catch((thrown: unknown) => (error = thrown));
  onTestFinished(() => over.abort());
  const kinds = () => events.map(({ kind }) => kind);
  return { events, kinds, error: () => error, leave: () => over.abort() };
}
