import { downloadPath } from "./commands.ts";

/** Saves a blob's bytes as a file. */
export function download(namespace: string, digest: string): void {
  save(downloadPath(namespace, digest));
}

/** Saves what is at an address as a file. A link is followed, and not the address changed: so the page is not left, and nothing warns of that. */
export function save(href: string): void {
  const link = document.createElement("a");
  link.href = href;
  link.download = "";
  link.click();
}
