import { ContentError } from "../../content/errors.ts";
import type { Selection } from "../../content/remote/events.ts";
import type { ResumeRequest } from "./resume.ts";

/** What every request to watch a set says. */
export interface Watch {
  readonly selection: Selection;
  /** The namespace of the call, for a selection that names none. */
  readonly namespace: string | undefined;
  /** False: the stream ends with the first set. */
  readonly follow: boolean;
  /** Least milliseconds between two events of a row; absent: 250. */
  readonly minIntervalMs?: number;
  /** Of an earlier stream of the same rows; absent or empty: there was none. */
  readonly resumeToken?: string;
  /** For whom the rows are; absent or empty while everybody may read everything. */
  readonly identity?: string;
}

/** Bounds of Watch.minIntervalMs. */
const interval = { leastMs: 100, mostMs: 60_000, unsetMs: 250 } as const;

/** The interval of a watch. @throws `invalid-argument` below 100 ms and above 60 s */
export function minIntervalOf({ minIntervalMs = interval.unsetMs }: Watch): number {
  if (minIntervalMs >= interval.leastMs && minIntervalMs <= interval.mostMs) return minIntervalMs;
  throw new ContentError("invalid-argument", `min_interval of ${minIntervalMs} ms is not between 100 ms and 60 s`);
}

/** What a watch asks to go on from. @param chosen everything that chooses its rows */
export function resumeRequestOf({ resumeToken = "", identity = "" }: Watch, chosen: unknown): ResumeRequest {
  return { chosen, identity, token: resumeToken };
}
