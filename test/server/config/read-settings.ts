import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { readSettings } from "../../../server/config/settings.ts";
import type { Flags } from "../../../server/config.ts";
import type { Plugin } from "../../../server/plugins/plugin.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { plugin } from "../plugins/plugins.ts";

/** A service that takes some config. */
const sized = {
  ...plugin("service/sized"),
  config: z.strictObject({ size: z.int().min(1).default(7), names: z.array(z.string()).default([]) }),
} as Plugin;

/** What a server of these tests is made of. */
export const builtin = [
  plugin("store/local"),
  plugin("store/other"),
  plugin("metadata/sqlite", ["store"]),
  plugin("service/plain"),
  sized,
  plugin("listener/http"),
];

/** The settings of a config file with that text, in a folder of its own. */
export async function read(text: string, flags: Flags = {}, plugins: readonly Plugin[] = builtin) {
  const folder = await makeTempDir();
  const file = join(folder, "stowage.toml");
  await writeFile(file, text, { mode: 0o644 });
  return { folder, file, settings: readSettings({ config: file, ...flags }, plugins) };
}
