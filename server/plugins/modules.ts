import { stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { ContentError } from "../../content/errors.ts";
import { StartError } from "../start-error.ts";
import type { Plugin, PluginType } from "./plugin.ts";

/** What a module is given, so that it needs no packages of its own. */
export interface Toolkit {
  /** For the config's schema. */
  readonly z: typeof z;
  /** For errors that clients are to see. */
  readonly ContentError: typeof ContentError;
}

/** Types of which a module may bring plugins. */
const types = [
  "store",
  "metadata",
  "events",
  "collector",
  "metrics",
  "auth",
  "service",
  "listener",
] as const satisfies readonly PluginType[];

/** Writable by the group or by all. */
const othersWrite = 0o022;

const id = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** What a plugin of a module must have. The rest is between it and what it opens. */
const pluginShape = z.looseObject({
  type: z.enum(types),
  id: z.string().regex(id, "small letters and digits, with single - between them"),
  requires: z.array(z.looseObject({ type: z.enum(types), id: z.string().optional() })),
  config: z.custom<z.ZodType>((value) => value instanceof z.ZodType, "a schema of zod is needed"),
  open: z.custom<Plugin["open"]>((value) => typeof value === "function", "a function is needed"),
});

/**
 * Load the plugins of a module of the user's own: a file of JavaScript or TypeScript that exports the function
 * `plugins`, which is given the toolkit and returns an array of them.
 *
 * @param path absolute
 * @throws StartError in one line, also where others than its owner may change the file
 */
export async function loadModule(path: string): Promise<readonly Plugin[]> {
  await refuseChangeable(path);
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly plugins?: unknown };
    if (typeof module.plugins !== "function") throw new Error("it exports no function called plugins");
    const toolkit: Toolkit = { z, ContentError };
    return parsePlugins(await module.plugins(toolkit));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StartError(`module ${path}: ${reason}`, { cause });
  }
}

/** Whoever can change a file that the server runs, or that names one, is the server. @throws StartError */
export async function refuseChangeable(path: string): Promise<void> {
  const { mode } = await stat(path).catch((cause: unknown) => {
    throw new StartError(`cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  });
  if ((mode & othersWrite) === 0) return;
  throw new StartError(`${path} can be changed by others than its owner, and modules run as the server: chmod go-w it`);
}

function parsePlugins(value: unknown): readonly Plugin[] {
  const parsed = z.array(pluginShape).safeParse(value);
  if (parsed.success) return value as readonly Plugin[];
  const [issue] = parsed.error.issues;
  throw new Error(`plugins()${(issue?.path ?? []).map((key) => `[${String(key)}]`).join("")}: ${issue?.message}`);
}
