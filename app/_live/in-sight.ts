/** A page that is out of sight for so many milliseconds lets go of what it holds: a browser has six connections a host. */
const hiddenMs = 2_000;

/**
 * Holds something while the page is in sight, and for two seconds more.
 *
 * @param hold takes it, and returns what lets go of it
 * @returns a function that ends it
 */
export function whileInSight(hold: () => () => void): () => void {
  let release: (() => void) | undefined;
  let hidden: ReturnType<typeof setTimeout> | undefined;

  function letGo(): void {
    release?.();
    release = undefined;
  }

  function onVisibility(): void {
    clearTimeout(hidden);
    if (document.visibilityState === "hidden") hidden = setTimeout(letGo, hiddenMs);
    else release ??= hold();
  }

  document.addEventListener("visibilitychange", onVisibility);
  if (document.visibilityState === "visible") release = hold();
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    clearTimeout(hidden);
    letGo();
  };
}
