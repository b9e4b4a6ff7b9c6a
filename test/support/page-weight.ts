import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** What a page needs before it shows its first rows, in kB of 1,000 bytes; text is compressed by gzip. */
export interface PageWeight {
  /** Scripts that its HTML names, without those for browsers that know no modules. */
  readonly scripts: number;
  readonly styles: number;
  /** Fonts that it loads before its first paint. */
  readonly fonts: number;
}

/** What pages may weigh: as PageWeight says it. `scripts` by path. */
export const weightBudgets = {
  scripts: {
    "/content": 255,
    "/ingests": 255,
    "/images": 255,
    "/leases": 255,
    "/namespaces": 255,
    "/activity": 255,
    "/compare": 245,
    "/blob": 225,
    "/settings": 225,
    "/login": 225,
  },
  styles: 20,
  fonts: 60,
} as const;

/** Paths of the pages. */
export const pagePaths = [
  "/content",
  "/ingests",
  "/images",
  "/leases",
  "/namespaces",
  "/activity",
  "/compare",
  "/blob",
  "/settings",
  "/login",
] as const;

/** The pages that the build made. */
const out = join(import.meta.dirname, "..", "..", "out");

/** @param path of a page, such as `/content` */
export async function weighPage(path: string): Promise<PageWeight> {
  const html = await readFile(join(out, `${path}.html`), "utf8");
  const tags = [...html.matchAll(/<(?:script|link)\b[^>]*>/gi)].map(([tag]) => tag);
  const named = tags
    .filter((tag) => !/nomodule/i.test(tag))
    .flatMap((tag) => /(?:src|href)="([^"?]+)/.exec(tag)?.[1] ?? []);
  const weightOf = async (ending: string) => {
    const files = [...new Set(named.filter((name) => name.endsWith(ending)))];
    const bodies = await Promise.all(files.map((name) => readFile(join(out, name))));
    const sizes = bodies.map((body) => (ending === ".woff2" ? body : gzipSync(body, { level: 9 })).length);
    return sizes.reduce((sum, size) => sum + size, 0) / 1000;
  };
  return { scripts: await weightOf(".js"), styles: await weightOf(".css"), fonts: await weightOf(".woff2") };
}
