import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { readSettings } from "../../../server/config/settings.ts";
import { UsageError } from "../../../server/config/usage-error.ts";
import type { Flags } from "../../../server/config.ts";
import { nameOf } from "../../../server/plugins/order.ts";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { StartError } from "../../../server/start-error.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { plugin } from "../plugins/plugins.ts";

/** A service that takes some config. */
const sized = {
  ...plugin("service/sized"),
  config: z.strictObject({ size: z.int().min(1).default(7), names: z.array(z.string()).default([]) }),
} as Plugin;

const builtin = [
  plugin("store/local"),
  plugin("store/other"),
  plugin("metadata/sqlite", ["store"]),
  plugin("service/plain"),
  sized,
  plugin("listener/http"),
];

/** The settings of a config file with that text, in a folder of its own. */
async function read(text: string, flags: Flags = {}, plugins: readonly Plugin[] = builtin) {
  const folder = await makeTempDir();
  const file = join(folder, "stowage.toml");
  await writeFile(file, text, { mode: 0o644 });
  return { folder, file, settings: readSettings({ config: file, ...flags }, plugins) };
}

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

describe("what is refused in one line that names file, line and place", () => {
  test.for<[what: string, text: string, line: string]>([
    ["no TOML", "a = 1\nb = = 2", ":2:5: "],
    ["a key twice", 'data = "a"\ndata = "b"', ":2:"],
    ["an unknown key", 'data = "d"\ncolour = 1', ':2: colour: unknown key "colour"; allowed are allow_origins, '],
    ["a wrong type", "\ndata = 5", ":2: data: expected string, not number"],
    [
      "an unknown key of an address",
      '[[listen]]\naddress = "127.0.0.1:0"\nport = 1',
      ':3: listen[0].port: unknown key "port"; allowed are address, insecure, namespace, ',
    ],
    [
      "an address and a socket",
      '[[listen]]\naddress = "127.0.0.1:0"\nsocket = "s"',
      ":1: listen[0]: one of address and socket is needed, and not both",
    ],
    [
      "an origin that no browser sends",
      'data = "d"\nallow_origins = ["https://app.example", "https://app.example/"]',
      ':2: allow_origins[1]: "https://app.example/" is no origin; write it as https://app.example',
    ],
    ["any origin", 'allow_origins = ["*"]', ':1: allow_origins[0]: "*" is no origin, such as https://app.example'],
    ["one origin that is no list", 'allow_origins = "null"', ":1: allow_origins: expected array, not string"],
    ["neither", "[[listen]]", ":1: listen[0]: one of address and socket is needed"],
    ["an address that is none", '[[listen]]\naddress = "3000"', ':2: listen[0].address: "3000" is no HOST:PORT'],
    [
      "an address that others reach",
      '\n[[listen]]\naddress = "0.0.0.0:1"',
      ":3: listen[0].address: 0.0.0.0:1 can be reached by others",
    ],
    [
      "an address of a backend that others reach",
      'public_url = "https://stowage.example"\n[[listen]]\naddress = "0.0.0.0:1"\nnamespace = "n"',
      ":3: listen[0].address: 0.0.0.0:1 can be reached by others",
    ],
    [
      "a socket with TLS",
      '[[listen]]\nsocket = "s"\ntls = { cert = "c", key = "k" }',
      ":1: listen[0]: tls and insecure are for an address, not for a socket",
    ],
    [
      "TLS that is none",
      '[[listen]]\naddress = "127.0.0.1:0"\ninsecure = true\ntls = { cert = "c", key = "k" }',
      ":1: listen[0]: one of tls and insecure is meant, not both",
    ],
    ["half of TLS", '[[listen]]\naddress = "127.0.0.1:0"\ntls = { cert = "c" }', ":3: listen[0].tls.key: "],
    [
      "a public URL with a path",
      'public_url = "https://example.com/stowage"',
      ':1: public_url: "https://example.com/stowage" has a path, under which the pages do not work; give the server a host',
    ],
    [
      "a public URL as no browser sends it",
      'public_url = "https://S.example/"',
      ':1: public_url: "https://S.example/" is no origin; write it as https://s.example',
    ],
    [
      "a public URL that is none",
      'public_url = "stowage.example"',
      ':1: public_url: "stowage.example" is no origin, such as https://stowage.example',
    ],
    [
      "a proxy that is none",
      'public_url = "https://s.example"\ntrusted_proxies = ["10.0.0.0/8", "proxy"]',
      ':2: trusted_proxies[1]: "proxy" is no address and no network, such as 10.1.2.3 or 10.0.0.0/8',
    ],
    [
      "proxies of no public URL",
      'trusted_proxies = ["10.0.0.1"]',
      ":1: trusted_proxies: needs public_url, which says where proxies show the server",
    ],
    [
      "a namespace that is none",
      '[[listen]]\nsocket = "s"\nnamespace = "a b"',
      ':3: listen[0].namespace: identifier "a b" must match',
    ],
    [
      "a namespace of two backends",
      '[[listen]]\nsocket = "a"\nnamespace = "n"\n[[listen]]\nsocket = "b"\nnamespace = "n"',
      ":6: listen[1].namespace: another address has it; each containerd needs its own",
    ],
    [
      "a service that there is not",
      "[services.plane]",
      ':1: services.plane: there is no service plugin "plane"; there are plain, sized',
    ],
    [
      "an unknown key of a service",
      "[services.sized]\n\nsise = 1",
      ':3: services.sized.sise: unknown key "sise"; allowed are names, size',
    ],
    ["a wrong value of a service", "[services.sized]\nsize = 0", ":2: services.sized.size: expected number to be >=1"],
    [
      "a wrong element",
      '[services.sized]\nnames = [\n"a",\n5]',
      ":2: services.sized.names[1]: expected string, not number",
    ],
    [
      "a service that is half off",
      '[services.sized]\nenabled = "no"',
      ":2: services.sized.enabled: expected boolean, not string",
    ],
    [
      "a store that there is not",
      '[stores.main]\nplugin = "s3"',
      ':2: stores.main.plugin: there is no store plugin "s3"; there are local, other',
    ],
    ["a store's plugin that is not named", "[stores.main]", ':1: stores.main: there is no store plugin "main"'],
    [
      "a store whose name is none",
      '[stores."../x"]\nplugin = "other"',
      ':1: stores.../x: identifier "../x" must match',
    ],
    [
      "a store that is off",
      "[stores.local]\nenabled = false",
      ':2: stores.local.enabled: unknown key "enabled"; no keys are allowed here',
    ],
    [
      "metadata that is off",
      "[metadata.sqlite]\nenabled = false",
      ':2: metadata.sqlite.enabled: unknown key "enabled"',
    ],
    ["the listener as a plugin", "[listeners.http]", ':1: listeners: unknown key "listeners"'],
    ["a key that is part of every object", "[services.__proto__]\nx = 1", ":1:"],
  ])("%s", async ([, text, line]) => {
    const { file, settings } = await read(text);
    await expect(settings).rejects.toThrow(UsageError);
    await expect(settings).rejects.toThrow(`${file}${line}`);
    await expect(settings).rejects.not.toThrow("\n");
  });

  test("also where the data is, in the file that the data directory has", async () => {
    const data = await makeTempDir();
    await writeFile(join(data, "config.toml"), '\ndata = "elsewhere"');
    await expect(readSettings({ data }, builtin)).rejects.toThrow(
      `${data}/config.toml:2: data: cannot be set in the file that the data directory has; name the file with --config`,
    );
  });

  test("a file that is far too large", async () => {
    const { settings } = await read(`# ${"x".repeat(300_000)}`);
    await expect(settings).rejects.toThrow("it has more than 262144 bytes");
  });
});

describe("a module", () => {
  const source = `
    import { join } from "node:path";
    export const plugins = ({ z, ContentError }) => [
      {
        type: "service",
        id: "greeting",
        requires: [],
        config: z.strictObject({ text: z.string() }),
        open: async () => ({ register: () => { throw new ContentError("internal", join("a", "b")); } }),
      },
    ];`;

  /** A config that names a module with that text, which is written beside it. */
  async function withModule(text: string, config = 'modules = ["own/module.mjs"]') {
    const folder = await makeTempDir();
    await mkdir(join(folder, "own"));
    const module = join(folder, "own", "module.mjs");
    await writeFile(module, text, { mode: 0o644 });
    const file = join(folder, "stowage.toml");
    await writeFile(file, config, { mode: 0o644 });
    return { module, file, read: () => readSettings({ config: file }, builtin) };
  }

  test("brings plugins, which the same file configures", async () => {
    const config = 'modules = ["own/module.mjs"]\n[services.greeting]\ntext = "hello"';
    const settings = await (await withModule(source, config)).read();
    expect(settings.plugins.map(nameOf)).toContain("service/greeting");
    expect(settings.config).toMatchObject({ "service/greeting": { text: "hello" } });
    const wrong = await withModule(source, `${config}\ncolour = 1`);
    await expect(wrong.read()).rejects.toThrow(`${wrong.file}:4: services.greeting.colour: unknown key "colour"`);
  });

  test.for<[what: string, text: string, reason: string]>([
    ["does not parse", "export const = 1", "module.mjs: "],
    ["throws", 'throw new Error("no luck")', "module.mjs: no luck"],
    ["exports no plugins", "export const plugin = 1", "it exports no function called plugins"],
    ["returns something else", "export const plugins = () => 5", "plugins(): "],
    ["has a plugin without a type", "export const plugins = () => [{}]", "plugins()[0][type]: "],
    [
      "has a plugin with an odd id",
      'export const plugins = ({ z }) => [{ type: "store", id: "A b", requires: [], config: z.any(), open() {} }]',
      "plugins()[0][id]: small letters and digits, with single - between them",
    ],
    [
      "has a plugin whose config is no schema",
      'export const plugins = () => [{ type: "store", id: "a", requires: [], config: {}, open() {} }]',
      "plugins()[0][config]: a schema of zod is needed",
    ],
  ])("that %s is refused in one line", async ([, text, reason]) => {
    const { read: readIt } = await withModule(text);
    await expect(readIt()).rejects.toThrow(StartError);
    await expect(readIt()).rejects.toThrow(reason);
  });

  test("that is not there is refused, and so is one that others may change, or a config that they may", async () => {
    const missing = await withModule(source, 'modules = ["other.mjs"]');
    await expect(missing.read()).rejects.toThrow("cannot read ");
    const shared = await withModule(source);
    await chmod(shared.module, 0o664);
    await expect(shared.read()).rejects.toThrow(`${shared.module} can be changed by others than its owner`);
    await chmod(shared.module, 0o644);
    await chmod(shared.file, 0o646);
    await expect(shared.read()).rejects.toThrow(`${shared.file} can be changed by others than its owner`);
    await chmod(shared.file, 0o600);
    expect((await shared.read()).plugins).toHaveLength(6);
  });
});
