import { lazy } from "react";
import { patiently } from "../_ui/popups/patiently.ts";

/** As confirm-delete.tsx has it; loaded when the first blob is to be deleted. */
export const ConfirmDelete = lazy(
  patiently(async () => ({ default: (await import("./confirm-delete.tsx")).ConfirmDelete })),
);

/** As no-blob-matches.tsx has it; loaded when a query matches nothing. */
export const NoBlobMatches = lazy(
  patiently(async () => ({ default: (await import("./no-blob-matches.tsx")).NoBlobMatches })),
);
