import type { Exposure } from "../listen/site.ts";
import type { ConfigDocument } from "./document.ts";
import type { FileConfig } from "./schema.ts";

/**
 * Who else than this machine is to reach the server, as its file says.
 *
 * @throws UsageError for proxies that are trusted where none is expected
 */
export function chooseExposure(file: FileConfig, document: ConfigDocument): Exposure {
  const { public_url: publicUrl, trusted_proxies: trustedProxies } = file;
  if (trustedProxies !== undefined && publicUrl === undefined) {
    throw document.fault(["trusted_proxies"], "needs public_url, which says where proxies show the server");
  }
  return {
    hasAuth: Object.values(file.auth ?? {}).some(({ enabled }) => enabled !== false),
    ...(publicUrl !== undefined && { publicUrl }),
    ...(trustedProxies !== undefined && { trustedProxies }),
  };
}
