import { z } from "zod";
import { originFault, publicUrlFault } from "../policy/origin.ts";
import { proxyFault } from "../policy/proxies.ts";

/** An origin of a config, as browsers send it. */
export const webOrigin = textWithout(originFault);

/** Where everybody finds the server, as a config says it: an origin. */
export const publicUrl = textWithout(publicUrlFault);

/** An address or a network of proxies that are believed. */
export const trustedProxy = textWithout(proxyFault);

function textWithout(faultOf: (text: string) => string | undefined): z.ZodString {
  return z.string().superRefine((text, context) => {
    const fault = faultOf(text);
    if (fault !== undefined) context.addIssue({ code: "custom", message: `${JSON.stringify(text)} ${fault}` });
  });
}
