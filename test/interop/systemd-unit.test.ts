import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../support/run.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const root = join(import.meta.dirname, "..", "..");

const main = join(root, "server", "main.ts");

/** What the unit says behind a key, the first time. */
async function unitSays(key: string): Promise<string> {
  const unit = await readFile(join(root, "deploy", "systemd", "stowage.service"), "utf8");
  return new RegExp(`^${key}=(?<value>.*)$`, "m").exec(unit)?.groups?.["value"] ?? "";
}

/** Waits as the unit does for the server that is this process; systemd writes a dollar twice. */
async function waitAsUnit(pid: number, socket: string) {
  const script = /^\/bin\/sh -c '(?<script>[^']+)'$/.exec(await unitSays("ExecStartPost"))?.groups?.["script"] ?? "";
  expect(script).toContain("/run/stowage/stowage.sock");
  const own = script.replaceAll("/run/stowage/stowage.sock", socket).replaceAll("$$", "$");
  return run("/bin/sh", ["-c", own], { env: { MAINPID: String(pid) } });
}

test("a start has come to its end once the server answers", async () => {
  const data = await makeTempDir();
  const socket = join(data, "s.sock");
  const args = [main, "--data", data, "--socket", socket, "--listen", "127.0.0.1:0"];
  const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => {
    server.kill("SIGKILL");
  });
  expect(await waitAsUnit(server.pid ?? 0, socket)).toEqual({ status: 0, stdout: "", stderr: "" });
  const client = connect({ path: socket });
  onTestFinished(() => {
    client.destroy();
  });
  await once(client, "connect");
});

test("a server that ends before it answers ends the start, and one whose options cannot be is not tried again", async () => {
  const data = await makeTempDir();
  const socket = join(data, "s.sock");
  const server = spawn(process.execPath, [main, "--data", data, "--socket", socket, "--listen", "0.0.0.0:3000"]);
  const [[status], waited] = await Promise.all([once(server, "close"), waitAsUnit(server.pid ?? 0, socket)]);
  expect(waited).toEqual({ status: 1, stdout: "", stderr: "" });
  expect(await unitSays("RestartPreventExitStatus")).toBe(String(status));
});
