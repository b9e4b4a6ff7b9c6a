import { z } from "zod";
import { validateIdentifier } from "../../content/identifiers.ts";

/** A name in a config: of a namespace, a store, an identity. */
export const configIdentifier = z.string().superRefine((text, context) => {
  try {
    validateIdentifier(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
  }
});
