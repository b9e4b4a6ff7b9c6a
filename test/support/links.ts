import { access, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

/**
 * Links of pages of Markdown that lead to no file, or to no heading of one; those to other sites are not followed.
 *
 * @param pages their paths
 * @returns each as `PAGE: LINK`, the page by its path from the folder on
 */
export async function brokenLinks(folder: string, pages: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(pages.map(async (page) => await brokenLinksOf(join(folder, page))));
  return found.flat().map(({ page, link }) => `${relative(folder, page)}: ${link}`);
}

async function brokenLinksOf(page: string): Promise<readonly { page: string; link: string }[]> {
  const text = withoutCode(await readFile(page, "utf8"));
  const links = [...text.matchAll(/\]\((?<link>[^)\s]+)\)/g)].map(({ groups }) => groups?.["link"] ?? "");
  const broken: { page: string; link: string }[] = [];
  for (const link of links) {
    if (!/^https?:/.test(link) && !(await leadsSomewhere(page, link))) broken.push({ page, link });
  }
  return broken;
}

async function leadsSomewhere(page: string, link: string): Promise<boolean> {
  const [path = "", anchor] = link.split("#", 2);
  const file = path === "" ? page : join(dirname(page), path);
  if (anchor === undefined)
    return access(file).then(
      () => true,
      () => false,
    );
  const text = await readFile(file, "utf8").catch(() => "");
  const headings = [...withoutCode(text).matchAll(/^#+ (?<title>.+)$/gm)].map(({ groups }) => groups?.["title"] ?? "");
  return headings.map(anchorOf).includes(anchor);
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

/** What GitHub calls a heading in links. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}
