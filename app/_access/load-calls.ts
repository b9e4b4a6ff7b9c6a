import { patiently } from "../_ui/popups/patiently.ts";

/** The calls about who is signed in, which few pages make. */
export const loadCalls = patiently(() => import("./calls.ts"));
