import { BenchError } from "../bench-error.ts";
import type { BareBrowser } from "./bare-browser.ts";
import { nextFrame } from "./bare-browser.ts";
import { pageMemoryMiB, watchPageMemory } from "./page-memory.ts";
import type { Sample } from "./sample.ts";

/** What an upload by the page took: it was paused in its middle, the page was loaded anew, and the file picked again. */
export interface PageUpload {
  /** Milliseconds of each of the two times that the file was hashed. */
  readonly hashMs: readonly number[];
  /** Milliseconds while its bytes were sent. */
  readonly sendMs: number;
  /** Bytes of all messages. */
  readonly sentBytes: number;
  /** Memory of the page before, and the most that it had, in MiB. */
  readonly restMiB: number;
  readonly mostMiB: number;
  /** Bytes of the messages of a second upload of the file, and milliseconds that it took. */
  readonly againBytes: number;
  readonly againMs: number;
}

/** How long the page may take for each of its steps, in milliseconds. */
const patienceMs = 600_000;

/** Counts the bytes that the page writes, in `window.wrote`. */
const counting = `{
  const send = window.fetch;
  window.wrote = 0;
  window.fetch = (address, options) => {
    if (String(address).endsWith("/Write")) window.wrote += options?.body?.byteLength ?? 0;
    return send(address, options);
  };
}`;

/** Uploads a file by the Content page. */
export async function uploadByPage(
  browser: BareBrowser,
  url: string,
  namespace: string,
  sample: Sample,
): Promise<PageUpload> {
  const content = `${url}/content?ns=${namespace}`;
  await browser.visit(content, counting);
  await until(browser, `document.querySelector("input[type=file]") !== null`);
  const restMiB = await pageMemoryMiB(browser);
  using memory = watchPageMemory(browser);

  const first = await hash(browser, sample);
  await until(browser, `Number(${progress}) >= 50`);
  await browser.evaluate(`document.querySelector("[aria-label^='Pause ']").click()`);
  await until(browser, isStage("paused"));
  const firstMs = performance.now() - first.endedAt;
  const firstBytes = await wrote(browser);
  await browser.visit(content, counting);
  await until(browser, isStage("unfinished"));
  const second = await hash(browser, sample);
  await until(browser, isStage("done"));
  const sendMs = firstMs + performance.now() - second.endedAt;
  const secondBytes = await wrote(browser);

  const begunAt = performance.now();
  await browser.pick("input[type=file]", sample.path);
  await until(browser, `document.querySelectorAll("[data-stage=done]").length === 2`);
  return {
    hashMs: [first.ms, second.ms],
    sendMs,
    sentBytes: firstBytes + secondBytes,
    restMiB,
    mostMiB: memory.most,
    againBytes: (await wrote(browser)) - secondBytes,
    againMs: performance.now() - begunAt,
  };
}

const progress = `document.querySelector("[data-stage=sending] [role=progressbar]")?.ariaValueNow`;

const isStage = (stage: string) => `document.querySelector("[data-stage=${stage}]") !== null`;

async function wrote(browser: BareBrowser): Promise<number> {
  return Number(await browser.evaluate("window.wrote"));
}

/** Picks the file and waits until it is hashed. */
async function hash(
  browser: BareBrowser,
  { path }: Sample,
): Promise<{ readonly ms: number; readonly endedAt: number }> {
  const begunAt = performance.now();
  await browser.pick("input[type=file]", path);
  await until(browser, isStage("sending"));
  const endedAt = performance.now();
  return { ms: endedAt - begunAt, endedAt };
}

/** @throws BenchError with what failed in the page, or where it is not so for too long */
async function until(browser: BareBrowser, condition: string): Promise<void> {
  const begunAt = performance.now();
  while ((await browser.evaluate(condition)) !== true) {
    const failed = await browser.evaluate(`document.querySelector("[data-stage=failed]")?.textContent ?? ""`);
    if (failed !== "") throw new BenchError(`the page: ${failed}`);
    if (performance.now() - begunAt > patienceMs) throw new BenchError(`for 10 minutes not so: ${condition}`);
    await browser.evaluate(nextFrame);
  }
}
