import { createSetting, oneOf } from "./setting.ts";

/** How high rows are: 32 or 28 pixels. */
export type Density = "comfortable" | "compact";

/** Whose time of day is shown: this machine's, or that of Greenwich. */
export type Zone = "local" | "utc";

/** Where a browser keeps how high rows are; the page reads it before its first paint too. */
export const densityKey = "stowage-density";

/** How high rows are. */
export const densitySetting = createSetting(oneOf<Density>(densityKey, ["comfortable", "compact"]));

/** Whose time of day is shown. */
export const zoneSetting = createSetting(oneOf<Zone>("stowage-zone", ["local", "utc"]));

/** Whether what happens is said to who listens to the page. */
export const announcementsSetting = createSetting(oneOf("stowage-announcements", ["on", "off"]));
