import { visibleText } from "./visible-text.ts";

/** What a server gave as a reason, without its full stop: the sentence that it stands in goes on after it, or ends by itself. */
export function clause(reason: string): string {
  return visibleText(reason).replace(/\.$/, "");
}
