/** Web Locks that pages hold while they are there. */
const prefix = "stowage page ";

/** This page among all of this browser. */
export const pageId = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36)).join("");

/** Let other pages know that this one is there; where a browser has no locks (not a secure context), they do not. */
export function showPage(): void {
  if (!("locks" in navigator)) return;
  // Held until the page goes.
  void navigator.locks.request(prefix + pageId, () => new Promise(() => undefined));
}

/** Ids of the pages of this browser that are there, as far as that is known. */
export async function pagesThere(): Promise<ReadonlySet<string>> {
  if (!("locks" in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(held.flatMap(({ name = "" }) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])));
}
