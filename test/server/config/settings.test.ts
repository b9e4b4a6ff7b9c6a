import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSettings } from "../../../server/config/settings.ts";
import { UsageError } from "../../../server/config/usage-error.ts";
import { nameOf } from "../../../server/plugins/order.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { plugin } from "../plugins/plugins.ts";
import { builtin, read } from "./read-settings.ts";

describe("without a file", () => {
  test("a server is on 127.0.0.1:3000 and on a socket in its data directory", async () => {
    const { plugins, ...settings } = await readSettings({ data: await makeTempDir() }, builtin);
    expect(settings).toMatchObject({ listen: [{ host: "127.0.0.1", port: 3000 }], backends: [], config: {}, off: {} });
    expect(settings.sockets).toEqual([join(settings.root, "stowage.sock")]);
    expect(plugins.map(nameOf)).toEqual([
      "store/local",
      "metadata/sqlite",
      "service/plain",
      "service/sized",
      "listener/http",
    ]);
  });

  test("data is kept in data, and flags are followed", async () => {
    const listen = [{ host: "localhost", port: 0 }];
    expect(await readSettings({ listen, socket: "s" }, builtin)).toMatchObject({
      root: "data",
      listen,
      sockets: ["s"],
    });
  });
});

describe("a file", () => {
  test("is looked for in the data directory, and must be there where it is named", async () => {
    const data = await makeTempDir();
    await writeFile(join(data, "config.toml"), '[[listen]]\naddress = "127.0.0.1:7"');
    expect(await readSettings({ data }, builtin)).toMatchObject({ listen: [{ port: 7 }], sockets: [] });
    const config = join(data, "none.toml");
    await expect(readSettings({ config }, builtin)).rejects.toThrow(
      new UsageError(`cannot read ${config}: there is no such file`),
    );
    await expect(readSettings({ config: data }, builtin)).rejects.toThrow(UsageError);
  });

  test("says where data is kept and where to listen, from its own folder on", async () => {
    const { folder, settings } = await read(`
      data = "kept"
      listen = [
        { address = "127.0.0.1:7" },
        { socket = "one.sock" },
        { socket = "/run/two.sock" },
        { socket = "b.sock", namespace = "cluster" },
        { address = "[::1]:8", namespace = "other" },
      ]`);
    expect(await settings).toMatchObject({
      root: join(folder, "kept"),
      listen: [{ host: "127.0.0.1", port: 7 }],
      sockets: [join(folder, "one.sock"), "/run/two.sock"],
      backends: [
        { namespace: "cluster", socket: join(folder, "b.sock") },
        { namespace: "other", address: { host: "::1", port: 8 } },
      ],
    });
  });

  test("gives way to flags, which leave the addresses of backends alone", async () => {
    const text = `
      data = "kept"
      [[listen]]
      address = "127.0.0.1:7"
      [[listen]]
      socket = "one.sock"
      [[listen]]
      socket = "b.sock"
      namespace = "cluster"`;
    const data = await makeTempDir();
    const all = await read(text, { data, socket: "t", listen: [{ host: "::1", port: 0 }] });
    expect(await all.settings).toMatchObject({
      root: data,
      listen: [{ host: "::1", port: 0 }],
      sockets: ["t"],
      backends: [{ namespace: "cluster" }],
    });
    const one = await read(text, { socket: "t" });
    expect(await one.settings).toMatchObject({ listen: [{ port: 7 }], sockets: ["t"] });
  });

  test("names origins whose pages may call; without it there are none", async () => {
    const origins = ["https://app.example", "http://127.0.0.1:5173"];
    const { settings } = await read(`allow_origins = ${JSON.stringify(origins)}`);
    expect((await settings).allowOrigins).toEqual(origins);
    expect((await (await read("")).settings).allowOrigins).toEqual([]);
  });

  test("that only names backends adds them to what is there without a file", async () => {
    const { settings } = await read('listen = [{ socket = "b.sock", namespace = "cluster" }]', { data: "d" });
    expect(await settings).toMatchObject({ listen: [{ port: 3000 }], sockets: ["d/stowage.sock"] });
  });

  test("configures plugins, turns services off, and chooses the store and its name", async () => {
    const { settings } = await read(`
      [stores.main]
      plugin = "other"
      [services.sized]
      size = 9
      [services.plain]
      enabled = false
      [metadata.sqlite]`);
    const { plugins, config, off } = await settings;
    expect(plugins.map(nameOf).slice(0, 2)).toEqual(["store/main", "metadata/sqlite"]);
    expect(plugins).toHaveLength(5);
    expect(config).toMatchObject({
      "store/main": {},
      "service/sized": { size: 9 },
      "service/plain": {},
      "metadata/sqlite": {},
    });
    expect(off).toEqual({ "service/plain": "the config turns it off" });
  });
});

describe("who else than this machine reaches the server", () => {
  test("is said by public_url, trusted_proxies and TLS, whose files are meant from the file's folder on", async () => {
    const { folder, settings } = await read(`
      public_url = "https://stowage.example"
      trusted_proxies = ["10.0.0.0/8", "::1"]
      [[listen]]
      address = "127.0.0.1:3443"
      tls = { cert = "tls/c.pem", key = "/etc/k.pem" }`);
    expect(await settings).toMatchObject({
      exposure: { publicUrl: "https://stowage.example", trustedProxies: ["10.0.0.0/8", "::1"] },
      listen: [{ host: "127.0.0.1", port: 3443, tls: { cert: join(folder, "tls/c.pem"), key: "/etc/k.pem" } }],
    });
    expect((await (await read("")).settings).exposure).toEqual({ hasAuth: false });
  });

  test("is whoever signs in, where that is configured and something keeps what passes to itself", async () => {
    const others = '[[listen]]\naddress = "0.0.0.0:1"\n';
    const settings = async (more: string) =>
      await (await read(`${more}${others}`, {}, [...builtin, plugin("auth/tokens")])).settings;
    const insecure = "insecure = true\n[auth.tokens]\n";
    const text = await (await read(`${others}${insecure}`, {}, [...builtin, plugin("auth/tokens")])).settings;
    expect(text).toMatchObject({ exposure: { hasAuth: true }, listen: [{ host: "0.0.0.0", insecure: true }] });
    await expect(settings("[auth.tokens]\n")).rejects.toThrow(
      "0.0.0.0:1 can be reached by others without TLS; set tls",
    );
    await expect(settings("[auth.tokens]\nenabled = false\n")).rejects.toThrow("no sign-in is configured");
  });

  test.for(["0.0.0.0", "::", "stowage.example", "127.0.0.1.example", "127.0.0.999"])(
    "is nobody without sign-in: --listen %s is refused",
    async (host) => {
      const { settings } = await read('public_url = "https://s.example"', { listen: [{ host, port: 3000 }] });
      await expect(settings).rejects.toThrow(UsageError);
      await expect(settings).rejects.toThrow(
        /:3000 can be reached by others and no sign-in is configured; add \[auth\.tokens\]/,
      );
    },
  );
});
