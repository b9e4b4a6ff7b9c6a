import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { version } from "../../server/server.ts";
import type { Outcome } from "../support/run.ts";
import { run } from "../support/run.ts";
import { makeTempDir } from "../support/temp-dir.ts";

// Every test starts a process, on a slow machine slowly.
vi.setConfig({ testTimeout: 60_000 });

const main = join(import.meta.dirname, "..", "..", "server", "main.ts");

const stowage = (...args: readonly string[]): Promise<Outcome> => run(process.execPath, [main, ...args]);

/** The server as a process, once it has printed its line. */
async function start(...args: readonly string[]) {
  const data = await makeTempDir();
  const child = spawn(process.execPath, [main, "--data", data, "--listen", "127.0.0.1:0", ...args]);
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  const exited = once(child, "exit") as Promise<[number | null, string | null]>;
  let printed = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    printed += chunk as string;
    if (printed.includes("\n")) break;
  }
  return { child, data, printed, exited };
}

describe("the command line", () => {
  test("prints the usage and the version", async () => {
    expect(await stowage("--help")).toMatchObject({ status: 0, stdout: expect.stringMatching(/^usage: /), stderr: "" });
    expect(await stowage("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("refuses what it does not know in one line, with status 2", async () => {
    const { status, stdout, stderr } = await stowage("--colour");
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^stowage: .*--colour.*--help lists the flags\n$/);
    expect((await stowage("--listen", "0.0.0.0:80")).status).toBe(2);
  });

  test("says in one line why it cannot start, with status 1", async () => {
    const { status, stdout, stderr } = await stowage("--data", main);
    expect([status, stdout]).toEqual([1, ""]);
    expect(stderr.trimEnd().split("\n").at(-1)).toMatch(
      /^stowage: cannot write to .*; choose another with --data DIR$/,
    );
    expect(stderr).not.toContain("    at ");
  });
});

describe("a server", () => {
  test("prints one line when it is ready", async () => {
    const { printed, data } = await start();
    expect(printed).toMatch(/^stowage ready http:\/\/127\.0\.0\.1:\d+ unix:\S+\n$/);
    expect(printed).toContain(`unix:${data}/stowage.sock`);
  });

  test("refuses a second one on its directory, and names itself", async () => {
    const { data, child, printed } = await start();
    const second = await stowage("--data", data, "--listen", "127.0.0.1:0");
    expect(second.status).toBe(1);
    const urls = printed.trim().slice("stowage ready ".length);
    expect(second.stderr).toContain(`stowage: ${data} is in use by pid ${child.pid} ${urls}; stop that one`);
  });

  test.for(["SIGTERM", "SIGINT"] as const)(
    "ends with status 0 at %s, with connections that are idle",
    async (signal) => {
      const { child, printed, exited } = await start();
      const session = connectHttp2(/http:\S+/.exec(printed)?.[0] ?? "");
      onTestFinished(() => session.destroy());
      await once(session, "remoteSettings");
      child.kill(signal);
      expect(await exited).toEqual([0, null]);
    },
  );
});
