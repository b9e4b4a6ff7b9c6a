import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSettings } from "../../../server/config/settings.ts";
import { UsageError } from "../../../server/config/usage-error.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { builtin, read } from "./read-settings.ts";

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
