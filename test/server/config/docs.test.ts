import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileSchema } from "../../../server/config/schema.ts";
import { readSettings } from "../../../server/config/settings.ts";
import type { Flags } from "../../../server/config.ts";
import { parseCommand } from "../../../server/config.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { localProxies } from "../../../server/policy/proxies.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const page = join(import.meta.dirname, "..", "..", "..", "docs", "config.md");

/** The first block of TOML of the page: all there is. */
async function example(): Promise<string> {
  return /```toml\n(?<text>[^`]*(?:`[^`]+`[^`]*)*)```/.exec(await readFile(page, "utf8"))?.groups?.["text"] ?? "";
}

test("what the page of the config shows is read, but for the module that is yours", async () => {
  const folder = await makeTempDir();
  const file = join(folder, "stowage.toml");
  await writeFile(file, (await example()).replace(/^modules.*$/m, ""));
  expect(await readSettings({ config: file }, builtinPlugins)).toMatchObject({
    root: "/srv/stowage",
    exposure: { publicUrl: "https://stowage.example", trustedProxies: localProxies },
    listen: [
      { host: "127.0.0.1", port: 3000, insecure: false },
      {
        host: "127.0.0.1",
        port: 3443,
        tls: { cert: join(folder, "tls", "fullchain.pem"), key: join(folder, "tls", "privkey.pem") },
      },
    ],
    sockets: ["/run/stowage.sock"],
    allowOrigins: ["https://app.example", "http://127.0.0.1:5173"],
    backends: [{ namespace: "cluster-1", socket: "/run/stowage-backend.sock" }],
    config: { "collector/scheduler": { pause_threshold: 0.02 } },
    off: { "service/events": "the config turns it off" },
  });
});

test("the page shows every key, and the defaults of the collector as they are", async () => {
  const text = await example();
  // Plugins that take no config have tables without keys.
  for (const key of Object.keys(fileSchema.shape).filter((name) => name !== "metadata" && name !== "events")) {
    expect(text).toMatch(new RegExp(`^(?:${key} =|\\[+${key}[.\\]])`, "m"));
  }
  const collector = builtinPlugins.find(({ type }) => type === "collector");
  for (const [key, value] of Object.entries(collector?.config.parse({}) ?? {})) {
    expect(text).toMatch(new RegExp(`^${key} = ${value}\\b`, "m"));
  }
});

/** What a container's arguments say beside the variables of deploy/Dockerfile. */
async function flagsInImage(args: readonly string[]): Promise<Flags> {
  const image = await readFile(join(page, "..", "..", "deploy", "Dockerfile"), "utf8");
  const variables = [...image.matchAll(/^ENV (?<pairs>.*)$/gm)].flatMap(
    ({ groups }) => groups?.["pairs"]?.split(" ") ?? [],
  );
  const env: Readonly<Record<string, string>> = Object.fromEntries(variables.map((pair) => pair.split("=", 2)));
  expect(env).toHaveProperty("STOWAGE_DATA", "/data");
  const command = parseCommand(args, env);
  return command.kind === "serve" ? command.flags : {};
}

test.for(["nodes", "hub"])("the config of the manifest %s.yaml is read", async (name, { expect }) => {
  const manifest = await readFile(join(page, "..", "..", "deploy", "kubernetes", `${name}.yaml`), "utf8");
  const lines = /config\.toml: \|\n(?<lines>(?: {4}.*\n|\n)+)/.exec(manifest)?.groups?.["lines"] ?? "";
  const file = join(await makeTempDir(), "config.toml");
  await writeFile(file, lines.replaceAll(/^ {4}/gm, ""));
  const flags = await flagsInImage(["--config", file]);
  const { listen, sockets, config, exposure, oneTime } = await readSettings(flags, builtinPlugins);
  // What the image says would go before it.
  expect(sockets).toEqual([/^ *socket = "(?<path>.*)"$/m.exec(lines)?.groups?.["path"]]);
  expect(listen).toMatchObject([{ host: "0.0.0.0", port: 3443, tls: { cert: "/etc/stowage/tls/tls.crt" } }]);
  expect(exposure?.hasAuth).toBe(true);
  expect(config).toHaveProperty(["stores/configured", "others", "length"], name === "hub" ? 2 : 1);
  expect(oneTime).toBe(name === "nodes");
});
