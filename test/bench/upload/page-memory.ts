import { readFile } from "node:fs/promises";
import type { BareBrowser } from "./bare-browser.ts";

/** Looks at the memory of a page while something goes on. */
export interface PageMemory extends Disposable {
  /** Most that it had so far, in MiB. */
  readonly most: number;
}

/** How often it is looked at, in milliseconds. */
const everyMs = 200;

/** Memory of a browser's page and its workers now, in MiB: what is its process's own and no file's, and what it shares. */
export async function pageMemoryMiB(browser: Pick<BareBrowser, "pages">): Promise<number> {
  const processes = await browser.pages();
  // One is kept ready for the next page; it is the smaller one.
  return Math.max(...(await Promise.all(processes.map(residentMiB))));
}

/** Begins to look. Disposing of it ends that. */
export function watchPageMemory(browser: Pick<BareBrowser, "pages">): PageMemory {
  let most = 0;
  let isLooking = false;
  const timer = setInterval(() => void look(), everyMs);

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    // The browser may be closed meanwhile.
    most = Math.max(most, await pageMemoryMiB(browser).catch(() => 0));
    isLooking = false;
  }

  return {
    get most() {
      return most;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

async function residentMiB(pid: number): Promise<number> {
  // A process that ended has none.
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kib = [...status.matchAll(/^(?:RssAnon|RssShmem):\s+(\d+) kB$/gm)].map(([, digits]) => Number(digits));
  return kib.reduce((sum, each) => sum + each, 0) / 1024;
}
