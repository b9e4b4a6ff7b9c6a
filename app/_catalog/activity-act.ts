import { History } from "lucide-react";
import { quoteValue } from "../../content/query.ts";
import { storeHref } from "../_live/here.ts";
import type { RowAct } from "./row-act.ts";

/** What events call what they are about; absent: everything in the namespace. */
interface About {
  readonly kind: "image" | "lease";
  readonly name: string;
}

/** Opens what was done to something, which is told of what is gone too. */
export function activityAct(namespace: string, about: About | undefined, open: (href: string) => void): RowAct {
  const asked = new URLSearchParams({
    ns: namespace,
    ...(about && { q: `kind:${about.kind} object:${quoteValue(about.name)}` }),
  });
  return { key: "activity", label: "Activity", icon: History, run: () => open(storeHref(`/activity?${asked}`)) };
}
