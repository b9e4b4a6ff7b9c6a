import { z } from "zod";
import { definePlugin } from "../plugins/plugin.ts";
import { createEvents } from "./events.ts";
import { eventsOfFeed } from "./feed-events.ts";

/** The bus that every part of the server tells its events to, and that the events service hears. */
export const eventsPlugin = definePlugin({
  type: "events",
  id: "bus",
  requires: [{ type: "metadata" }],
  config: z.strictObject({}),
  async open(context) {
    const events = createEvents({ stopping: context.stopping });
    events.addSource(eventsOfFeed(context.get("metadata").feed));
    return events;
  },
});
