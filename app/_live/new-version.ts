import type { ServerView } from "./server.ts";
import { buildVersion } from "./version.ts";

/** Names the version that a tab was loaded again for. */
const reloadedKey = "stowage-reloaded";

/** The version of a server that is not the one of its page; absent: it is the same, or is not known. */
export function newVersionOf({ facts }: ServerView, own = buildVersion): string | undefined {
  return own === "" || facts === undefined || facts.version === own ? undefined : facts.version;
}

/** True where this tab was loaded again for a version: it would not help to do so once more. */
export function wasReloadedFor(version: string): boolean {
  return sessionStorage.getItem(reloadedKey) === version;
}

/** Load the page again, to have it in another version. */
export function reloadFor(version: string): void {
  sessionStorage.setItem(reloadedKey, version);
  window.location.reload();
}

/** What holds something that a new load would lose. */
const work = "form, [role=dialog], [role=alertdialog], [role=row][aria-selected=true], [data-busy]";

/** True for a page out of sight in which nothing is edited or selected. */
export function isAtRest(
  page: Pick<Document, "visibilityState" | "activeElement" | "getSelection" | "querySelector">,
): boolean {
  if (page.visibilityState !== "hidden") return false;
  if (page.getSelection()?.isCollapsed === false) return false;
  return page.activeElement?.matches("input, textarea, select") !== true && page.querySelector(work) === null;
}
