import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSettings } from "../../../server/config/settings.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** The settings of a config file with that text. */
async function read(text: string) {
  const file = join(await makeTempDir(), "stowage.toml");
  await writeFile(file, text);
  return await readSettings({ config: file }, builtinPlugins);
}

test("what is said of registries goes to the service that asks them, with what is not said", async () => {
  const { config } = await read(
    '[registries."registry.lan:5000"]\nplain_http = true\n[services.catalog]\nenabled = true\n',
  );
  expect(config).toMatchObject({
    "service/catalog": { registries: { "registry.lan:5000": { plain_http: true, allow_private: false } } },
  });
});

test.each([
  ['[registries."registry.lan"]\ninsecure = true', ':2: registries.registry.lan.insecure: unknown key "insecure"'],
  ['[registries."https://registry.lan"]', "is no host, such as"],
  ['[registries."Registry.lan"]', "is no host, such as"],
  ['[registries."registry.lan/team"]', "is no host, such as"],
])("%j is refused with what is wrong", async (text, words) => {
  await expect(read(text)).rejects.toThrow(words);
});
