import { lazy } from "react";
import { patiently } from "../_ui/popups/patiently.ts";

const loadSoon = patiently(() => import("./soon-parts.ts"));
const loadLater = patiently(() => import("./later-parts.ts"));

/** What the first rows do without, and what has to be there before anything goes wrong: it comes with them. */
export const AbsentStore = lazy(async () => ({ default: (await loadSoon()).AbsentStore }));
/** As AbsentStore. */
export const LiveBars = lazy(async () => ({ default: (await loadSoon()).LiveBars }));
/** As AbsentStore. */
export const ServerPart = lazy(async () => ({ default: (await loadSoon()).ServerPart }));

/** What the first sight of a page does without: it comes a while after it, or when it is wanted. */
export const ConnectionPanel = lazy(async () => ({ default: (await loadLater()).ConnectionPanel }));
/** As ConnectionPanel. */
export const KeysHelp = lazy(async () => ({ default: (await loadLater()).KeysHelp }));
/** As ConnectionPanel. */
export const News = lazy(async () => ({ default: (await loadLater()).News }));
/** As ConnectionPanel. */
export const NewVersion = lazy(async () => ({ default: (await loadLater()).NewVersion }));
/** As ConnectionPanel. */
export const StoreList = lazy(async () => ({ default: (await loadLater()).StoreList }));
/** As ConnectionPanel. */
export const ThemeMenu = lazy(async () => ({ default: (await loadLater()).ThemeMenu }));
