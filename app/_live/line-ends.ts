import type { FromHub, ToHub } from "./hub-messages.ts";

/** The way to a hub. @param message for the hub */
export type Line = (message: ToHub) => void;

/** Where a line ends in its tab. */
export interface LineEnds {
  readonly hear: (message: FromHub) => void;
  /** The hub is another one, which knows nothing of this tab. */
  readonly renewed: () => void;
}
