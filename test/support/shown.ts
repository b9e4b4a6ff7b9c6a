import { readFile } from "node:fs/promises";
import { join } from "node:path";

const page = join(import.meta.dirname, "..", "..", "docs", "deploy.md");

/**
 * A piece of code of docs/deploy.md, with what is another in a test.
 *
 * @param has says which one: the first that has it
 * @throws where there is no such piece, or nothing to replace in it: the page has changed
 */
export async function shownOnPage(has: string, others: readonly (readonly [RegExp, string])[]): Promise<string> {
  const pieces = (await readFile(page, "utf8")).split(/^```\w*\n/m);
  const text = pieces.find((piece, at) => at % 2 === 1 && piece.includes(has));
  if (text === undefined) throw new Error(`${page} shows nothing with ${has}`);
  return others.reduce((before, [pattern, value]) => {
    const after = before.replaceAll(pattern, value);
    if (after === before) throw new Error(`${page} does not show ${pattern}`);
    return after;
  }, text);
}
