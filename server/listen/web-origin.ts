import { z } from "zod";
import { originFault } from "../policy/origin.ts";

/** An origin of a config, as browsers send it. */
export const webOrigin = z.string().superRefine((text, context) => {
  const fault = originFault(text);
  if (fault !== undefined) context.addIssue({ code: "custom", message: `${JSON.stringify(text)} ${fault}` });
});
