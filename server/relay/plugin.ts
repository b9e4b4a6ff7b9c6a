import { isIP } from "node:net";
import { z } from "zod";
import { configIdentifier } from "../config/identifier.ts";
import { configPath } from "../config/paths.ts";
import { definePlugin } from "../plugins/plugin.ts";
import { hostOf, isLoopbackHost } from "../policy/origin.ts";
import { openRelay } from "./relay.ts";

const urlForm = /^(?:https?:\/\/[^/?#@]+\/?|unix:\/.+)$/;

/** What no client can dial, such as port 99999, would be told with every call only. */
function isNodeUrl(url: string): boolean {
  return urlForm.test(url) && URL.canParse(url);
}

const fields = z.strictObject({
  /** Where the node is: `https://HOST:PORT`, `http://HOST:PORT` or `unix:/PATH`. */
  url: z.string().refine(isNodeUrl, "is no http://HOST:PORT, https://HOST:PORT or unix:/PATH"),
  /** Address that is dialled for the host of the URL, which its certificate is for; absent: what the name resolves to. */
  dial: z.union([z.ipv4(), z.ipv6()], { error: "is no address, such as 10.0.0.7" }).optional(),
  /** File whose first line is this server's token there; absent: it has none. */
  token_file: configPath().optional(),
  /** File of certificates that the node's is checked against; absent: those that Node.js trusts. */
  ca: configPath().optional(),
  /** Which of the node's stores; absent: its default one. */
  store: z.union([z.literal(""), configIdentifier], { error: "is no name of a store" }).default(""),
  /** True: who may change content here may change it there. */
  allow_changes: z.boolean().default(false),
});

/** What says nothing there is a mistake, and would be taken for something. */
const config = fields
  .refine(({ url, dial }) => dial === undefined || !url.startsWith("unix:"), {
    path: ["dial"],
    message: "is for a URL of http or https, whose host it is dialled for",
  })
  .refine(({ url, dial }) => dial === undefined || isIP(hostIn(url)) === 0, {
    path: ["dial"],
    message: "is for a URL whose host is a name; an address is dialled itself",
  })
  .refine(({ url, ca }) => ca === undefined || url.startsWith("https:"), {
    path: ["ca"],
    message: "is for a URL of https; others have no certificate",
  });

/** Of a URL of http or https, without brackets. */
function hostIn(url: string): string {
  return hostOf(URL.parse(url)?.host) ?? "";
}

/** True where what passes can be read between the machines. */
function isOpenToOthers(url: string, dial: string | undefined): boolean {
  return url.startsWith("http:") && !isLoopbackHost(dial ?? hostIn(url));
}

/** A store of another Stowage: a hub has one for each of its nodes. */
export const remoteStorePlugin = definePlugin({
  type: "relay",
  id: "remote",
  requires: [],
  config,
  async open({ config: { url, dial, token_file, ca, store, allow_changes }, id, version, logger }) {
    const node = {
      url: url.replace(/\/$/, ""),
      ...(dial !== undefined && { dial }),
      ...(token_file !== undefined && { tokenFile: token_file }),
      ...(ca !== undefined && { ca }),
    };
    if (token_file !== undefined && isOpenToOthers(url, dial)) {
      logger.warn({ store: id }, `${url} is without TLS: who is between reads this server's token and every blob`);
    }
    return openRelay({ name: id, node, store, allowsChanges: allow_changes, version, logger });
  },
});
