import type { Fields } from "./json.ts";
import { textOf } from "./json.ts";

/**
 * A platform as containerd writes it, such as `linux/arm64` or `linux/arm/v7`: `v8` goes without saying for arm64.
 *
 * @param value a `platform` of a descriptor, or a config
 * @returns undefined where it does not say, or says that it is not known
 */
export function platformOf(value: Fields): string | undefined {
  const os = textOf(value["os"]);
  const architecture = textOf(value["architecture"]);
  if (os === undefined || architecture === undefined || os === "unknown") return undefined;
  const variant = textOf(value["variant"]);
  const isUsual = variant === undefined || (architecture === "arm64" && variant === "v8");
  return [os, architecture, ...(isUsual ? [] : [variant])].join("/");
}
