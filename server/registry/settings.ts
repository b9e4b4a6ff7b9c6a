import { z } from "zod";

/** What the config says of a registry. */
export interface RegistrySettings {
  /** True: it is asked without TLS. */
  readonly plain_http: boolean;
  /** True: it may be at an address that is not public. */
  readonly allow_private: boolean;
}

/** A host as a URL has it: a name or an address, and a port where it is none of the scheme's own. */
function hostFault(text: string): string | undefined {
  const isHost = [`https://${text}`, `http://${text}`].some((url) => URL.parse(url)?.host === text);
  return isHost ? undefined : 'is no host, such as "registry.lan" or "127.0.0.1:5000"';
}

/** Registries by their hosts; what is not named is asked over TLS, at a public address alone. */
export const registriesSchema = z
  .record(
    z.string(),
    z.strictObject({ plain_http: z.boolean().default(false), allow_private: z.boolean().default(false) }),
  )
  .superRefine((registries, context) => {
    for (const host of Object.keys(registries)) {
      const message = hostFault(host);
      if (message !== undefined) context.addIssue({ code: "custom", message, path: [host] });
    }
  });

/** Registries by their hosts. */
export type Registries = Readonly<Record<string, RegistrySettings>>;

/** What is not said of a registry. */
export const usualRegistry: RegistrySettings = { plain_http: false, allow_private: false };
