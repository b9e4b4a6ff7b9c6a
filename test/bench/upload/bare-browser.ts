import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { BenchError } from "../bench-error.ts";

/**
 * A browser that is asked for nothing but what is said here. A test's own driver follows the network, and has the browser hold and
 * tell the bytes of every request: neither rate nor memory would be those of the page.
 */
export interface BareBrowser extends AsyncDisposable {
  /** Go to an address and wait until it is there. @param script run before any of the page's own */
  visit(url: string, script: string): Promise<void>;
  /** The value of an expression in the page; promises are waited for. @throws BenchError with what it throws */
  evaluate(expression: string): Promise<unknown>;
  /** Hand a file to an input of the page. */
  pick(selector: string, path: string): Promise<void>;
  /** Processes of its pages, by their ids. */
  pages(): Promise<readonly number[]>;
}

type Answer = Readonly<Record<string, unknown>>;

const flags = [
  "--headless",
  "--no-sandbox",
  "--no-first-run",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--remote-debugging-port=0",
];

/** @param program path of a Chromium */
export async function openBareBrowser(program: string): Promise<BareBrowser> {
  const profile = await mkdtemp(join(tmpdir(), "stowage-profile-"));
  const child = spawn(program, [...flags, `--user-data-dir=${profile}`], { stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const socket = new WebSocket(await addressOf(createInterface(child.stderr)));
  await new Promise((resolve) => socket.addEventListener("open", resolve, { once: true }));
  const call = callerOf(socket);
  const { targetId } = await call("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await call("Target.attachToTarget", { targetId, flatten: true });
  const inPage = (method: string, params?: object) => call(method, params, String(sessionId));
  await inPage("Page.enable");

  async function evaluate(expression: string): Promise<unknown> {
    const asked = { expression, awaitPromise: true, returnByValue: true };
    const { result, exceptionDetails } = (await inPage("Runtime.evaluate", asked)) as {
      readonly result: { readonly value?: unknown };
      readonly exceptionDetails?: { readonly exception?: { readonly description?: string } };
    };
    if (exceptionDetails) throw new BenchError(exceptionDetails.exception?.description ?? expression);
    return result.value;
  }

  return {
    evaluate,
    async visit(url, script) {
      const { identifier } = await inPage("Page.addScriptToEvaluateOnNewDocument", { source: script });
      await inPage("Page.navigate", { url });
      // The page before it is still there for a moment.
      const isThere = `location.href === ${JSON.stringify(url)} && document.readyState === "complete"`;
      while ((await evaluate(isThere).catch(() => false)) !== true) await evaluate(nextFrame).catch(() => undefined);
      await inPage("Page.removeScriptToEvaluateOnNewDocument", { identifier });
    },
    async pick(selector, path) {
      const { result } = (await inPage("Runtime.evaluate", {
        expression: `document.querySelector(${JSON.stringify(selector)})`,
      })) as { readonly result: { readonly objectId?: string } };
      await inPage("DOM.setFileInputFiles", { files: [path], objectId: result.objectId });
    },
    async pages() {
      const { processInfo } = (await call("SystemInfo.getProcessInfo")) as {
        readonly processInfo: readonly { readonly type: string; readonly id: number }[];
      };
      return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
    },
    async [Symbol.asyncDispose]() {
      await call("Browser.close").catch(() => undefined);
      await ended;
      await rm(profile, { recursive: true, force: true });
    },
  };
}

/** Waits a moment in the page. */
export const nextFrame = "new Promise((resolve) => setTimeout(resolve, 50))";

/** What it says when it listens. */
async function addressOf(lines: AsyncIterable<string>): Promise<string> {
  for await (const line of lines) {
    const [, address] = /DevTools listening on (ws:\S+)/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new BenchError("Chromium did not start");
}

function callerOf(socket: WebSocket) {
  const waiting = new Map<number, PromiseWithResolvers<Answer>>();
  let last = 0;
  socket.addEventListener("message", ({ data }) => {
    const { id, result, error } = JSON.parse(String(data));
    const call = waiting.get(id);
    waiting.delete(id);
    if (error) call?.reject(new BenchError(`Chromium: ${error.message}`));
    else call?.resolve(result);
  });
  socket.addEventListener("close", () => {
    for (const call of waiting.values()) call.reject(new BenchError("Chromium ended"));
    waiting.clear();
  });
  return (method: string, params: object = {}, sessionId?: string): Promise<Answer> => {
    last += 1;
    const call = Promise.withResolvers<Answer>();
    waiting.set(last, call);
    socket.send(JSON.stringify({ id: last, method, params, ...(sessionId && { sessionId }) }));
    return call.promise;
  };
}
