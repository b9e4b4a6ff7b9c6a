import type { IngestThresholds } from "../../content/ingest-state.ts";
import { ingestThresholds } from "../../content/ingest-state.ts";
import { changesOf, createSetting } from "./setting.ts";

/** The thresholds that a person can set. The server's own word for stalled is 30 s, and stays. */
export type OwnThresholds = Pick<
  IngestThresholds,
  "waitingMs" | "crawlingBytesPerSecond" | "crawlingEtaMs" | "emptyMs"
>;

/** The least and the most of each; whole numbers between them are taken. */
export const thresholdLimits: Readonly<Record<keyof OwnThresholds, readonly [least: number, most: number]>> = {
  waitingMs: [1000, 29_000],
  crawlingBytesPerSecond: [1024, 1024 ** 3],
  crawlingEtaMs: [60_000, 7 * 86_400_000],
  emptyMs: [10_000, 86_400_000],
};

/** True for a value that a threshold can have. */
export function isThreshold(name: keyof OwnThresholds, value: unknown): value is number {
  const [least, most] = thresholdLimits[name];
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
}

/** The thresholds that hold, with those that a person set for this browser. */
export const thresholdsSetting = createSetting(changesOf("stowage-thresholds", ingestThresholds, readThresholds));

function readThresholds(kept: Readonly<Record<string, unknown>>): IngestThresholds {
  const known = Object.entries(kept).filter(([name, value]) => isOwn(name) && isThreshold(name, value));
  return { ...ingestThresholds, ...Object.fromEntries(known) };
}

function isOwn(name: string): name is keyof OwnThresholds {
  return Object.hasOwn(thresholdLimits, name);
}
