import type { Adaptor } from "../../content/filters.ts";
import type { Event } from "./event.ts";

/**
 * The fields of an event for filters: `topic`, `namespace`, and `event.FIELD` of its message, labels by their key as of
 * a blob (containerd's events/events.go). What a client published has no `event` fields: its message is not looked
 * into.
 */
export function eventAdaptor(event: Event): Adaptor {
  return ([field, ...path]) => {
    switch (field) {
      case "namespace":
        return event.namespace || undefined;
      case "topic":
        return event.topic;
      case "event":
        return event.kind === "own" ? fieldOf({ ...event.message }, path) : undefined;
      default:
        return undefined;
    }
  };
}

function fieldOf(message: Readonly<Record<string, unknown>>, [name = "", ...path]: readonly string[]) {
  const value = Object.hasOwn(message, name) ? message[name] : undefined;
  if (typeof value !== "object" || value === null) return value === undefined ? undefined : String(value);
  const label = Object.entries(value).find(([key]) => key === path.join("."));
  return label && String(label[1]);
}
