import { lazy } from "react";
import { patiently } from "../_ui/popups/patiently.ts";

/** As label-form.tsx has it; loaded when the first label is written. */
export const LabelForm = lazy(patiently(async () => ({ default: (await import("./label-form.tsx")).LabelForm })));
