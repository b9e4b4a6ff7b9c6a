import { storeHref } from "../_live/here.ts";
import { save } from "../_ui/download.ts";

/** Where an image is downloaded as an archive. @param platform such as `linux/arm64`; absent: all that are here */
export function exportHref(namespace: string, name: string, platform?: string): string {
  const query = new URLSearchParams({ ns: namespace, name, ...(platform !== undefined && { platform }) });
  return storeHref(`/-/export?${query}`);
}

/**
 * Download a file, which the browser does by itself once it is known to be there.
 *
 * @throws an Error with the server's own words where it refuses
 */
export async function startDownload(href: string): Promise<void> {
  const { ok } = await fetch(href, { method: "HEAD", cache: "no-store" });
  if (!ok) throw new Error(await reasonOf(href));
  save(href);
}

/** An answer to HEAD has no words. */
async function reasonOf(href: string): Promise<string> {
  const answer = await fetch(href, { cache: "no-store" });
  if (!answer.ok) return (await answer.text()).trim();
  await answer.body?.cancel();
  return "it could not be read; try again";
}
