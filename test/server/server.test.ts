import { stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { bindTcp } from "../../server/listen/bind.ts";
import type { ServerOptions } from "../../server/server.ts";
import { openServer, version } from "../../server/server.ts";
import { StartError } from "../../server/start-error.ts";
import { createLog } from "../support/log.ts";
import { quickest } from "../support/quickest.ts";
import { makeTempDir } from "../support/temp-dir.ts";
import { ask, inMemory, serve } from "./listen/serve.ts";
import { plugin } from "./plugins/plugins.ts";

const anyPort = { host: "127.0.0.1", port: 0 };

/** The options of a server in a directory of its own. */
async function options(more: Partial<ServerOptions> = {}): Promise<ServerOptions> {
  return { plugins: inMemory, root: await makeTempDir(), listen: [anyPort], logger: createLog().logger, ...more };
}

async function open(settings: ServerOptions) {
  const server = await openServer(settings);
  onTestFinished(() => server.close(0));
  return server;
}

describe("a server that has started", () => {
  test("answers everywhere that it names, in order", async () => {
    const root = await makeTempDir();
    const sockets = [join(root, "one.sock"), join(root, "two.sock")];
    const { urls } = await open(await options({ listen: [anyPort, anyPort], sockets }));
    expect(urls).toEqual([
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      ...sockets.map((path) => `unix:${path}`),
    ]);
    for (const url of urls.slice(0, 2)) expect((await ask(`${url}/readyz`)).status).toBe(200);
    for (const socketPath of sockets) expect((await ask("http://localhost/healthz", { socketPath })).status).toBe(200);
  });

  test("tells of its plugins, and does without one that failed and that nothing needs", async () => {
    const bad = plugin("service/bad", [], () => Promise.reject(new Error("no space")));
    const { logger, text } = createLog();
    const server = await open(await options({ plugins: [bad, ...inMemory], logger }));
    expect(server.plugins.find(({ id }) => id === "bad")).toMatchObject({ state: "failed", reason: "no space" });
    expect(server.plugins.filter(({ state }) => state === "open")).toHaveLength(inMemory.length);
    expect(text()).toContain("no space");
    expect((await ask(`${server.urls[0]}/readyz`)).status).toBe(200);
  });

  test("does without a service whose config is wrong, or that the config turns off, and logs the difference", async () => {
    const { logger, lines } = createLog();
    const config = { "service/content": { colour: "red" } };
    const server = await open(
      await options({ config, off: { "service/namespaces": "the config turns it off" }, logger }),
    );
    const state = (id: string) => server.plugins.find((report) => report.type === "service" && report.id === id);
    expect(state("content")).toMatchObject({ state: "failed", reason: expect.stringContaining("colour") });
    expect(state("namespaces")).toMatchObject({ state: "off", reason: "the config turns it off" });
    expect(lines).toContainEqual(
      expect.objectContaining({ level: 50, plugin: "service/content", reason: expect.stringContaining("colour") }),
    );
    expect(lines).toContainEqual(expect.objectContaining({ level: 30, plugin: "service/namespaces" }));
    expect((await ask(`${server.urls[0]}/readyz`)).status).toBe(200);
  });

  test("leaves the directory to the next one when it is closed", async () => {
    const settings = await options();
    const first = await openServer(settings);
    await first.close();
    await expect(stat(join(settings.root, "stowage.sock"))).rejects.toMatchObject({ code: "ENOENT" });
    const second = await open(settings);
    expect((await ask(`${second.urls[0]}/readyz`)).status).toBe(200);
  });
});

describe("a start that fails", () => {
  test("because the directory is taken says by whom, within a second", async () => {
    const settings = await options();
    const first = await open(settings);
    const text = `${settings.root} is in use by pid ${process.pid} ${first.urls.join(" ")}; stop that one, or choose another`;
    expect(await quickest(() => expect(openServer(settings)).rejects.toThrow(text))).toBeLessThan(1000);
    expect((await ask(`${first.urls[0]}/readyz`)).status).toBe(200);
  });

  test("because the directory is a file says so", async () => {
    const root = join(await makeTempDir(), "file");
    await writeFile(root, "");
    await expect(openServer(await options({ root }))).rejects.toThrow(
      /^cannot write to .*; choose another with --data DIR$/,
    );
  });

  test("because an address is taken leaves nothing behind: no port, no socket, no lock", async () => {
    const other = createServer();
    onTestFinished(() => {
      other.close();
    });
    const taken = Number(new URL(await bindTcp(other, anyPort)).port);
    const settings = await options();
    const refused = openServer({ ...settings, listen: [anyPort, { host: "127.0.0.1", port: taken }] });
    await expect(refused).rejects.toThrow(StartError);
    await expect(refused).rejects.toThrow(`cannot listen on 127.0.0.1:${taken}: something else listens there`);
    await open(settings);
  });

  test("because a plugin that others need failed names it, and leaves no lock", async () => {
    const settings = await options();
    const bad = plugin("store/bad", [], () => Promise.reject(new Error("no space")));
    const [, ...others] = inMemory;
    await expect(openServer({ ...settings, plugins: [bad, ...others] })).rejects.toThrow(
      new StartError("store/bad did not open: no space"),
    );
    await open(settings);
  });

  test("because nothing would listen says why", async () => {
    const settings = await options();
    await expect(openServer({ ...settings, listen: [], sockets: [] })).rejects.toThrow("would answer nowhere");
    const [, ...withoutStore] = inMemory;
    await expect(openServer({ ...settings, plugins: withoutStore })).rejects.toThrow(
      /^the server would answer nowhere: listener\/http is off: .*any store, which is not in the list$/,
    );
  });

  test("because the config is none says where", async () => {
    const config = { "metadata/sqlite": { colour: "red" } };
    await expect(openServer(await options({ config }))).rejects.toThrow(
      /^config metadata\/sqlite\.colour: unknown key/,
    );
    const listen = [{ host: "localhost", port: -1 }];
    await expect(openServer(await options({ listen }))).rejects.toThrow(/^config listener\/http\.listen\.0\.port: /);
  });
});

test("its version is that of the package, and the server tells it", async () => {
  const { url } = await serve();
  const headers = { "content-type": "application/json" };
  const answer = await ask(`${url}/stowage.v1.ServerService/GetServer`, { method: "POST", headers, body: "{}" });
  expect(JSON.parse(answer.text)).toMatchObject({ version });
});
