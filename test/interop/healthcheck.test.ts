import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { root } from "../../scripts/setup/paths.mjs";
import { run } from "../support/run.ts";
import { makeTempDir } from "../support/temp-dir.ts";

const healthcheck = join(root, "deploy", "healthcheck.mjs");

/**
 * A data directory whose server says this on every connection once it was asked, and never ends one by itself.
 *
 * @param socketName in the data directory; absent: it is on a port
 */
async function serveWords(words: string, socketName?: string): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined).once("data", () => socket.write(words));
  });
  const data = await makeTempDir();
  if (socketName === undefined) server.listen(0, "127.0.0.1");
  else server.listen(join(data, socketName));
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const at = server.address() as AddressInfo | string;
  const urls = typeof at === "string" ? `http://127.0.0.1:9 unix:${at}` : `http://127.0.0.1:${at.port}`;
  await writeFile(join(data, "server.txt"), `pid 1 ${urls}\n`);
  return data;
}

/** Run the check with a clock of patience of the test's own, in JavaScript. */
const check = (data: string, timeout: string) =>
  run(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(timeout)}`, healthcheck, data]);

const endless = "AbortSignal.timeout = () => new AbortController().signal;";
const short = `
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (ms) => { process.stdout.write(String(ms)); return timeout(100); };`;

const head = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n";

test.each([
  ["whole", `${head}content-length: 3\r\n\r\nok\n`],
  ["of which the rest never comes", `${head}content-length: 1000\r\n\r\nok\n`],
])("the health check ends with the answer, and not with its patience or the connection: one %s", async (_, words) => {
  expect(await check(await serveWords(words), endless)).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("it asks on the socket where there is one, whatever its path", async () => {
  const data = await serveWords(`${head}content-length: 0\r\n\r\n`, "a socket");
  expect(await check(data, endless)).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("it tells of a server that answers otherwise", async () => {
  const data = await serveWords("HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n");
  expect(await check(data, endless)).toMatchObject({ status: 1, stderr: "healthcheck: it answers with status 503\n" });
});

test.each([
  ["nothing", ""],
  ["only the begin of an answer", head],
])("where a server that hangs says %s, it fails by itself before the container's limit", async (_, words) => {
  const { status, stdout, stderr } = await check(await serveWords(words), short);
  expect([status, stderr]).toEqual([1, "healthcheck: it did not answer within 5 s\n"]);
  const image = await readFile(join(root, "deploy", "Dockerfile"), "utf8");
  const limitSeconds = Number(/^HEALTHCHECK .*--timeout=(\d+)s/m.exec(image)?.[1]);
  expect(Number(stdout)).toBeGreaterThan(0);
  expect(Number(stdout)).toBeLessThan(limitSeconds * 1000);
});
