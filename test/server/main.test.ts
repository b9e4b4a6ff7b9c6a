import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, writeFile } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { version } from "../../server/server.ts";
import { createCtr } from "../support/ctr.ts";
import type { Outcome } from "../support/run.ts";
import { run } from "../support/run.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const main = join(import.meta.dirname, "..", "..", "server", "main.ts");

/** A store that keeps bytes as the one in memory does, and takes only so many blobs. */
const moduleOfAStore = `
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createMemoryStore } from ${JSON.stringify(join(main, "..", "stores", "memory", "store.ts"))};

export const plugins = ({ z, ContentError }: any) => [
  {
    type: "store",
    id: "counting",
    requires: [],
    config: z.strictObject({ limit: z.int().min(1) }),
    async open({ root, config }: { root: string; config: { limit: number } }) {
      await writeFile(join(root, "opened-by-counting"), "");
      const inner = createMemoryStore();
      return {
        ...inner,
        async writer(options: any, signal?: AbortSignal) {
          const blobs = await Array.fromAsync(inner.walk());
          if (blobs.length < config.limit) return inner.writer(options, signal);
          throw new ContentError("resource-exhausted", "this store takes " + config.limit + " blob");
        },
      };
    },
  },
];
`;

const stowage = (...args: readonly string[]): Promise<Outcome> => run(process.execPath, [main, ...args]);

/** The server as a process on a directory and a port of its own, once it has printed its line. */
async function start(...args: readonly string[]) {
  const data = await makeTempDir();
  const named = args.includes("--config") ? [] : ["--data", data, "--listen", "127.0.0.1:0"];
  const child = spawn(process.execPath, [main, ...named, ...args]);
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

describe("a config file", () => {
  test("that says what it cannot is refused in one line with its line, with status 2", async () => {
    const file = join(await makeTempDir(), "stowage.toml");
    await writeFile(file, '[[listen]]\naddress = "127.0.0.1:0"\nport = 3000\n');
    const { status, stdout, stderr } = await stowage("--config", file);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(
      `stowage: ${file}:3: listen[0].port: unknown key "port"; allowed are address, insecure, namespace, socket, tls\n`,
    );
  });

  test("can name a module, whose store is then the server's", async () => {
    const folder = await makeTempDir();
    const data = join(folder, "data");
    await writeFile(join(folder, "store.ts"), moduleOfAStore, { mode: 0o644 });
    const config = `
      data = "data"
      modules = ["store.ts"]
      [[listen]]
      socket = "s.sock"
      [stores.counted]
      plugin = "counting"
      limit = 1`;
    await writeFile(join(folder, "stowage.toml"), config, { mode: 0o644 });
    const { printed, child, exited } = await start("--config", join(folder, "stowage.toml"));
    expect(printed).toBe(`stowage ready unix:${folder}/s.sock\n`);
    const ctr = createCtr(join(folder, "s.sock"));
    expect(await ctr(["content", "ingest", "one"], { input: "one" })).toMatchObject({ status: 0 });
    const refused = await ctr(["content", "ingest", "two"], { input: "two" });
    expect(refused.stderr).toContain("this store takes 1 blob");
    expect((await ctr(["plugins", "ls", "type==store"])).stdout).toMatch(/^store +counted +- +ok/m);
    expect(await readdir(join(data))).toContain("opened-by-counting");
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
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
