import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import { ContentError } from "../../content/errors.ts";
import type { Filter } from "../../content/filters.ts";
import { compileFilters } from "../../content/filters.ts";
import { validateIdentifier } from "../../content/identifiers.ts";
import { timeFromWire } from "../../content/wire.ts";
import type { SubscribeRequest } from "../../gen/containerd/services/events/v1/events_pb.js";
import { Events as EventsService } from "../../gen/containerd/services/events/v1/events_pb.js";
import { now } from "../clock.ts";
import { eventAdaptor } from "../events/adaptor.ts";
import type { Event } from "../events/event.ts";
import type { Events } from "../events/events.ts";
import { validateTopic } from "../events/topic.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { covers } from "../policy/access.ts";
import { callKey, scopeOf } from "../policy/call.ts";
import { connectionKey } from "../policy/identify.ts";
import { requireNamespace } from "../policy/permissions.ts";
import type { StreamLimits } from "../policy/stream-places.ts";
import { createStreamPlaces } from "../policy/stream-places.ts";
import { eventToWire, messageFromWire } from "./event-wire.ts";

/**
 * `containerd.services.events.v1.Events` over the bus, as containerd's events/exchange behaves.
 *
 * @param streams how many may subscribe; absent: what a server uses
 */
export function createEventsService(events: Pick<Events, "forward" | "subscribe">, streams?: StreamLimits): Service {
  const places = createStreamPlaces(streams);

  async function* subscribe({ filters }: SubscribeRequest, { values, signal }: HandlerContext) {
    signal.throwIfAborted();
    const filter = parseFilters(filters);
    const { access, caller } = values.get(callKey);
    const { namespaces } = access;
    const passes = (event: Event): boolean => covers(namespaces, event.namespace) && filter(eventAdaptor(event));
    using place = places.take(values.get(connectionKey), caller.identity);
    using subscription = events.subscribe(passes);
    // Whoever is gone may never ask for the next event.
    const leave = () => {
      place[Symbol.dispose]();
      subscription[Symbol.dispose]();
    };
    signal.addEventListener("abort", leave, { once: true });
    for await (const event of subscription) yield eventToWire(event);
  }

  const implementation: ServiceImpl<typeof EventsService> = {
    publish({ topic, event }, { values }) {
      const { namespace } = about("failed publishing event", () => scopeOf(values.get(callKey)));
      validateTopic(topic);
      events.forward({ kind: "foreign", timestamp: now(), namespace, topic, message: messageFromWire(event) });
      return create(EmptySchema);
    },

    forward({ envelope }, { values }) {
      const { timestamp, namespace = "", topic = "", event } = envelope ?? {};
      about("event envelope has invalid namespace", () => validateIdentifier(namespace));
      requireNamespace(values.get(callKey).access, namespace);
      validateTopic(topic);
      const at = timeFromWire(timestamp);
      if (at === undefined) {
        throw new ContentError("invalid-argument", "timestamp must be set on forwarded event");
      }
      events.forward({ kind: "foreign", timestamp: at, namespace, topic, message: messageFromWire(event) });
      return create(EmptySchema);
    },

    subscribe,
  };

  return { register: (router) => router.service(EventsService, implementation) };
}

function parseFilters(filters: readonly string[]): Filter {
  return about("subscription error: failed parsing subscription filters", () => compileFilters(filters));
}

/** What is done; before the text of its error stands what was being done. */
function about<Result>(what: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    throw new ContentError(error.kind, `${what}: ${error.message}`, { cause: error, ...error.facts });
  }
}

/** Serves `containerd.services.events.v1.Events` over the bus. */
export const eventsServicePlugin = definePlugin({
  type: "service",
  id: "events",
  requires: [{ type: "events" }],
  config: z.strictObject({}),
  async open(context) {
    return createEventsService(context.get("events"));
  },
});
