import { lazy } from "react";
import { patiently } from "../_ui/popups/patiently.ts";

/** As row-menu.tsx has it; loaded when the first one is opened. */
export const RowMenu = lazy(patiently(async () => ({ default: (await import("./row-menu.tsx")).RowMenu })));
