import { z } from "zod";
import { definePlugin } from "../plugins/plugin.ts";
import { createScheduler } from "./schedule.ts";

/** A count of things, or of milliseconds. */
const count = z.int().min(0);

const config = z.strictObject({
  pause_threshold: z.number().positive().max(0.5).default(0.02),
  deletion_threshold: count.default(0),
  mutation_threshold: count.default(100),
  schedule_delay_ms: count.default(0),
  startup_delay_ms: count.default(100),
});

/** Collects what nothing leads to, after changes and when somebody asks; the defaults are containerd's. */
export const collectionPlugin = definePlugin({
  type: "collector",
  id: "scheduler",
  requires: [{ type: "metadata" }],
  config,
  async open({ config: keys, stopping, logger, get }) {
    const schedule = {
      pauseThreshold: keys.pause_threshold,
      deletionThreshold: keys.deletion_threshold,
      mutationThreshold: keys.mutation_threshold,
      scheduleDelayMs: keys.schedule_delay_ms,
      startupDelayMs: keys.startup_delay_ms,
    };
    return createScheduler({ metadata: get("metadata"), schedule, stopping, logger });
  },
});
