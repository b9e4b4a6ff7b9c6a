import { spawn } from "node:child_process";
import { once } from "node:events";
import { lstat, readFile, stat, writeFile } from "node:fs/promises";
import type { Server } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { bindSocket, bindTcp } from "../../../server/listen/bind.ts";
import { StartError } from "../../../server/start-error.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

function newServer(): Server {
  const server = createServer((socket) => socket.destroy());
  onTestFinished(() => {
    server.close();
  });
  return server;
}

describe("a TCP address", () => {
  test("with port 0 is one that is free, and is named", async () => {
    expect(await bindTcp(newServer(), { host: "127.0.0.1", port: 0 })).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  });

  test("that is taken is refused in words", async () => {
    const url = await bindTcp(newServer(), { host: "127.0.0.1", port: 0 });
    const port = Number(new URL(url).port);
    const refused = bindTcp(newServer(), { host: "127.0.0.1", port });
    await expect(refused).rejects.toThrow(StartError);
    await expect(refused).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: something else listens there; choose another with --listen HOST:PORT`,
    );
  });

  test("that is none of this machine is refused in words", async () => {
    await expect(bindTcp(newServer(), { host: "192.0.2.1", port: 0 })).rejects.toThrow(
      /^cannot listen on 192\.0\.2\.1:0: /,
    );
  });
});

/** Leaves a socket file behind that nobody listens on, as a killed server does. */
async function leaveStale(path: string): Promise<void> {
  const script = `require("node:net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
  await once(spawn(process.execPath, ["-e", script]), "exit");
  expect((await lstat(path)).isSocket()).toBe(true);
}

describe("a unix socket", () => {
  test("is for owner and group alone, and is gone once the server is", async () => {
    const path = join(await makeTempDir(), "s.sock");
    const server = newServer();
    const umask = process.umask();
    expect(await bindSocket(server, path)).toBe(`unix:${path}`);
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe("660");
    expect(process.umask()).toBe(umask);
    await new Promise((resolve) => {
      server.close(resolve);
    });
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("that nobody answers on any more is replaced", async () => {
    const path = join(await makeTempDir(), "s.sock");
    await leaveStale(path);
    expect(await bindSocket(newServer(), path)).toBe(`unix:${path}`);
  });

  test("that somebody answers on is left alone", async () => {
    const path = join(await makeTempDir(), "s.sock");
    await bindSocket(newServer(), path);
    const refused = bindSocket(newServer(), path);
    await expect(refused).rejects.toThrow(StartError);
    await expect(refused).rejects.toThrow(`cannot listen on ${path}: something else listens there; choose another`);
    expect((await lstat(path)).isSocket()).toBe(true);
  });

  test("is never put in the place of another file", async () => {
    const path = join(await makeTempDir(), "notes.txt");
    await writeFile(path, "kept");
    await expect(bindSocket(newServer(), path)).rejects.toThrow("there is a file that is no socket");
    expect(await readFile(path, "utf8")).toBe("kept");
  });

  test("whose path is too long, or in no directory, is refused in words", async () => {
    const root = await makeTempDir();
    const long = join(root, "x".repeat(108));
    await expect(bindSocket(newServer(), long)).rejects.toThrow(
      /longer than 107 bytes; choose another with --socket PATH$/,
    );
    await expect(bindSocket(newServer(), join(root, "none", "s.sock"))).rejects.toThrow(
      `there is no folder ${join(root, "none")}; choose another with --socket PATH`,
    );
  });
});
