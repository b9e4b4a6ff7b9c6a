import { createHub } from "./hub.ts";
import type { Line, LineEnds } from "./line-ends.ts";
import { createServerLink } from "./server-link.ts";

/** The way to a hub of this tab's own. */
export function openOwnLine({ hear }: Pick<LineEnds, "hear">): Line {
  return createHub(createServerLink()).join(hear);
}
