import type { Change } from "../feed/change.ts";
import type { Feed } from "../feed/feed.ts";
import type { EventSource, Events } from "./events.ts";

type Publish = Events["publish"];

/**
 * Events of what a feed tells: blobs, images and namespaces that come and go, images and namespaces that change. Labels
 * of a blob make none, and neither does a blob that a collection removes, as in containerd.
 */
export function eventsOfFeed(feed: Pick<Feed, "listen">): EventSource {
  return ({ publish }) => feed.listen((change) => publishChange(change, publish));
}

function publishChange(change: Change, publish: Publish): void {
  const { namespace } = change;
  switch (change.kind) {
    case "blob": {
      const { digest, before, after, collected } = change;
      if (collected) return;
      if (after === undefined) publish(namespace, "/content/delete", { digest });
      else if (before === undefined) publish(namespace, "/content/create", { digest, size: after.info.size });
      return;
    }
    case "image": {
      const { name, before, after } = change;
      if (after === undefined) return publish(namespace, "/images/delete", { name });
      const topic = before === undefined ? "/images/create" : "/images/update";
      return publish(namespace, topic, { name, labels: after.labels });
    }
    case "namespace": {
      const { before, after } = change;
      if (after === undefined) return publish(namespace, "/namespaces/delete", { name: namespace });
      const topic = before === undefined ? "/namespaces/create" : "/namespaces/update";
      return publish(namespace, topic, { name: namespace, labels: after.labels });
    }
  }
}
