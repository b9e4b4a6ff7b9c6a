import { z } from "zod";
import { validateIdentifier } from "../../content/identifiers.ts";
import { webOrigin } from "../listen/web-origin.ts";
import type { PluginType } from "../plugins/plugin.ts";
import { registriesSchema } from "../registry/settings.ts";

/**
 * Where the config of plugins of a type stands. Listeners have none of their own: `[[listen]]` names where they listen.
 */
export const sections = {
  store: "stores",
  metadata: "metadata",
  events: "events",
  collector: "collector",
  metrics: "metrics",
  service: "services",
} as const satisfies Record<Exclude<PluginType, "listener">, string>;

function refuseNoIdentifier(text: string, context: z.RefinementCtx): void {
  try {
    validateIdentifier(text);
  } catch (error) {
    context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
  }
}

const listen = z.strictObject({
  /** `HOST:PORT`. */
  address: z.string().optional(),
  /** Path of a unix socket, from the file's folder on. */
  socket: z.string().min(1).optional(),
  /** Makes it a backend's: every call is about this namespace. */
  namespace: z.string().superRefine(refuseNoIdentifier).optional(),
});

const pluginTables = z.record(z.string(), z.looseObject({ enabled: z.boolean().optional() })).optional();

/** The config file. What plugins take is looked at by their own schemas. */
export const fileSchema = z.strictObject({
  /** The data directory, from the file's folder on. */
  data: z.string().min(1).optional(),
  listen: z
    .array(
      listen.refine(({ address, socket }) => (address === undefined) !== (socket === undefined), {
        message: "one of address and socket is needed, and not both",
      }),
    )
    .optional(),
  stores: z.record(z.string(), z.looseObject({ plugin: z.string().optional() })).optional(),
  metadata: z.record(z.string(), z.looseObject({})).optional(),
  events: pluginTables,
  collector: pluginTables,
  metrics: pluginTables,
  services: pluginTables,
  /** Origins whose pages may call and download, beside the server's own. */
  allow_origins: z.array(webOrigin).optional(),
  /** What is said of registries, by their hosts. */
  registries: registriesSchema.optional(),
  /** Paths of modules with plugins, from the file's folder on. */
  modules: z.array(z.string().min(1)).optional(),
});

/** A file that fits. */
export type FileConfig = z.infer<typeof fileSchema>;
