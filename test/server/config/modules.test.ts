import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSettings } from "../../../server/config/settings.ts";
import { nameOf } from "../../../server/plugins/order.ts";
import { StartError } from "../../../server/start-error.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { builtin } from "./read-settings.ts";

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
