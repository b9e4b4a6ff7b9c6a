import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { readSettings } from "../../../server/config/settings.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { definePlugin } from "../../../server/plugins/plugin.ts";
import { openServer } from "../../../server/server.ts";
import { createLog } from "../../support/log.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** What a config file comes to. */
async function settingsOf(text: string) {
  const data = await makeTempDir();
  await writeFile(join(data, "config.toml"), text);
  return await readSettings({ data }, builtinPlugins);
}

test("a table of the config turns sign-in on, and lets others reach the server", async () => {
  const { config, exposure } = await settingsOf("[auth.tokens]\nsocket = true\n");
  expect(config).toMatchObject({ "auth/tokens": { socket: true } });
  expect(exposure).toMatchObject({ hasAuth: true });
  expect(await settingsOf("")).toMatchObject({ exposure: { hasAuth: false } });
  const off = await settingsOf("[auth.tokens]\nenabled = false\n");
  expect([off.exposure?.hasAuth, off.off]).toEqual([false, { "auth/tokens": "the config turns it off" }]);
});

test("a mistake in it is told with its line", async () => {
  await expect(settingsOf("[auth.tokens]\nsockets = true\n")).rejects.toThrow(
    /config\.toml:2: auth\.tokens\.sockets: unknown key/,
  );
  await expect(settingsOf("[auth.oidc]\n")).rejects.toThrow(
    /config\.toml:1: auth\.oidc: there is no auth plugin "oidc"/,
  );
  const backend = '[[listen]]\naddress = "127.0.0.1:0"\nnamespace = "n"\n';
  await expect(settingsOf(`${backend}\n[auth.tokens]\n`)).rejects.toThrow(
    /config\.toml:2: listen\[0\]\.address: a containerd has no token to show; give it a socket/,
  );
});

test("a server whose tokens cannot be read does not start, and so lets nobody in", async () => {
  const root = await makeTempDir();
  await writeFile(join(root, "access.db"), "this is no database, and is longer than a header".repeat(100));
  const listen = [{ host: "127.0.0.1", port: 0 }];
  const { logger } = createLog();
  const opening = openServer({ plugins: builtinPlugins, root, listen, logger, config: { "auth/tokens": {} } });
  await expect(opening).rejects.toThrow(/^cannot use .*access\.db: .*; restore it from a backup, or move it away/);
});

test("and nothing listens at any moment of such a start: who came then would be asked for nothing", async () => {
  const root = await makeTempDir();
  const reached: string[] = [];
  const last = definePlugin({
    type: "listener",
    id: "last",
    requires: [
      { type: "listener", id: "http", optional: true },
      { type: "listener", id: "backend", optional: true },
    ],
    config: z.strictObject({}),
    async open({ listeners }) {
      reached.push(...listeners().flatMap(({ urls }) => urls));
      return { urls: [], close: async () => undefined };
    },
  });
  const opening = openServer({
    plugins: [...builtinPlugins, last],
    root,
    listen: [{ host: "127.0.0.1", port: 0 }],
    backends: [{ namespace: "n", socket: join(root, "backend.sock") }],
    logger: createLog().logger,
    config: { "auth/tokens": { given: [{ name: "hub", role: "reader", file: join(root, "gone") }] } },
  });
  await expect(opening).rejects.toThrow(/^the token hub cannot be read: ENOENT/);
  expect(reached).toEqual([]);
});
