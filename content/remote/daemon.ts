import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import { Events } from "../../gen/containerd/services/events/v1/events_pb.js";
import { Version } from "../../gen/containerd/services/version/v1/version_pb.js";
import { answerOf, messagesOf } from "./call.ts";

/** What a containerd says of its version, such as `v1.7.24` (containerd's Version.Version). */
export async function getVersion(transport: Transport, signal?: AbortSignal): Promise<string> {
  const client = createClient(Version, transport);
  return (await answerOf(client.version({}, { signal }), signal)).version;
}

/**
 * That something happened in a containerd, each time (containerd's Events.Subscribe). What it was is not told: collections delete
 * without an event, and creations are told before their labels are there.
 *
 * @param topics those that are heard of, such as `/images/create`
 */
export async function* subscribe(
  transport: Transport,
  topics: readonly string[],
  signal?: AbortSignal,
): AsyncGenerator<void, void, undefined> {
  const client = createClient(Events, transport);
  const filters = topics.map((topic) => `topic=="${topic}"`);
  for await (const _ of messagesOf((both) => client.subscribe({ filters }, { signal: both }), signal)) yield;
}
