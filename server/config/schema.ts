import { z } from "zod";
import { publicUrl, trustedProxy, webOrigin } from "../listen/web-origin.ts";
import type { PluginType } from "../plugins/plugin.ts";
import { registriesSchema } from "../registry/settings.ts";
import { configIdentifier } from "./identifier.ts";

/**
 * Where the config of plugins of a type stands. Listeners have none of their own: `[[listen]]` names where they listen. Everything
 * that is a store, here or elsewhere, stands under `stores`.
 */
export const sections = {
  store: "stores",
  metadata: "metadata",
  audit: "audit",
  events: "events",
  collector: "collector",
  metrics: "metrics",
  auth: "auth",
  service: "services",
} as const satisfies Record<Exclude<PluginType, "listener" | "mirror" | "relay" | "stores">, string>;

const listen = z.strictObject({
  /** `HOST:PORT`. */
  address: z.string().optional(),
  /** Certificate and key, from the file's folder on; makes the address one with TLS. */
  tls: z.strictObject({ cert: z.string().min(1), key: z.string().min(1) }).optional(),
  /** Others may reach the address without TLS. */
  insecure: z.boolean().optional(),
  /** Path of a unix socket, from the file's folder on. */
  socket: z.string().min(1).optional(),
  /** Makes it a backend's: every call is about this namespace. */
  namespace: configIdentifier.optional(),
});

const pluginTables = z.record(z.string(), z.looseObject({ enabled: z.boolean().optional() })).optional();

/** The config file. What plugins take is looked at by their own schemas. */
export const fileSchema = z.strictObject({
  /** The data directory, from the file's folder on. */
  data: z.string().min(1).optional(),
  listen: z
    .array(
      listen
        .refine(({ address, socket }) => (address === undefined) !== (socket === undefined), {
          message: "one of address and socket is needed, and not both",
        })
        .refine(({ socket, tls, insecure }) => socket === undefined || (tls ?? insecure) === undefined, {
          message: "tls and insecure are for an address, not for a socket",
        })
        .refine(({ tls, insecure }) => tls === undefined || insecure !== true, {
          message: "one of tls and insecure is meant, not both",
        }),
    )
    .optional(),
  stores: z.record(z.string(), z.looseObject({ plugin: z.string().optional() })).optional(),
  metadata: z.record(z.string(), z.looseObject({})).optional(),
  audit: pluginTables,
  events: pluginTables,
  collector: pluginTables,
  metrics: pluginTables,
  /** Ways to say who calls; without one everybody may do everything. */
  auth: pluginTables,
  services: pluginTables,
  /** Origins whose pages may call and download, beside the server's own. */
  allow_origins: z.array(webOrigin).optional(),
  /** Origin under which a proxy shows the server. */
  public_url: publicUrl.optional(),
  /** Addresses and networks of proxies that are believed; absent: this machine's. */
  trusted_proxies: z.array(trustedProxy).optional(),
  /** What is said of registries, by their hosts. */
  registries: registriesSchema.optional(),
  /** Paths of modules with plugins, from the file's folder on. */
  modules: z.array(z.string().min(1)).optional(),
});

/** A file that fits. */
export type FileConfig = z.infer<typeof fileSchema>;
