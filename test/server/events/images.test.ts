import { expect, onTestFinished, test } from "vitest";
import type { Event } from "../../../server/events/event.ts";
import { createEvents } from "../../../server/events/events.ts";
import { eventsOfFeed } from "../../../server/events/feed-events.ts";
import { digestOf, openTestMetadata, put } from "../metadata/support.ts";

test("images are told of as they come, change and go, and what a collection removes of content is not", async () => {
  const { metadata } = await openTestMetadata();
  const events = createEvents({ stopping: new AbortController().signal });
  events.addSource(eventsOfFeed(metadata.feed));
  const subscription = events.subscribe(() => true);
  onTestFinished(() => subscription[Symbol.dispose]());

  const target = { mediaType: "m", digest: digestOf("x"), size: 1, annotations: {} };
  const scope = { namespace: "n" };
  await metadata.images.create(scope, { name: "alpine", labels: { a: "b" }, target });
  await metadata.images.update(scope, { name: "alpine", labels: { c: "d" }, target });
  await put(metadata, "n", "garbage");
  await metadata.collect();
  await metadata.images.delete(scope, "alpine");

  const heard: Event[] = [];
  for await (const event of subscription) if (heard.push(event) && event.topic === "/images/delete") break;
  expect(heard).toMatchObject([
    { namespace: "n", topic: "/namespaces/create" },
    { namespace: "n", topic: "/images/create", message: { name: "alpine", labels: { a: "b" } } },
    { namespace: "n", topic: "/images/update", message: { name: "alpine", labels: { c: "d" } } },
    { namespace: "n", topic: "/content/create", message: { digest: digestOf("garbage") } },
    { namespace: "n", topic: "/images/delete", message: { name: "alpine" } },
  ]);
});
