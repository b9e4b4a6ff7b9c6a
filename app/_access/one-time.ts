import { loadCalls } from "./load-calls.ts";

/** How an address brings a token: `http://127.0.0.1:3000/#token=stw_…`. */
const fragment = /^#token=(?<token>.+)$/;

/** Takes a token out of the address and its history, and leaves the rest as it is. @returns undefined where there is none */
export function takeToken({ location, history }: Pick<Window, "location" | "history">): string | undefined {
  const token = fragment.exec(location.hash)?.groups?.["token"];
  // Without a state of its own the router takes the address over as it is then.
  if (token !== undefined) history.replaceState(null, "", location.pathname + location.search);
  return token;
}

/** A page that is there already is loaded anew for a token that comes into its address. */
function watchAddress(page: Window): void {
  page.addEventListener("hashchange", () => {
    if (fragment.test(page.location.hash)) page.location.reload();
  });
}

const token = typeof window === "undefined" ? undefined : takeToken(window);
if (typeof window !== "undefined") watchAddress(window);

/**
 * What becomes of the token in the address that the page was opened at: the words why it is no good, or undefined. Absent where there
 * was none. What asks the server about anything waits for it.
 */
export const trading = token === undefined ? undefined : loadCalls().then(({ trade }) => trade(token));
