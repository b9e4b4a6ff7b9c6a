import { isAbsolute } from "node:path";
import { z } from "zod";
import { StartError } from "../../start-error.ts";

/** Where a daemon is. */
export interface DaemonAddress {
  /** As it is shown. */
  readonly target: string;
  /** Of a unix socket; absent: it is at `url`. */
  readonly path?: string;
  readonly url: string;
}

/** What is wrong with what is none. */
const noAddress = "neither a socket (unix:/PATH) nor http://HOST:PORT";

/**
 * Where a target is: `unix:/PATH`, `unix:///PATH`, `/PATH` or `http://HOST:PORT`.
 *
 * @throws StartError for what is none of these
 */
export function parseDaemonAddress(target: string): DaemonAddress {
  const address = tryAddress(target);
  if (address === undefined) throw new StartError(`${JSON.stringify(target)} is ${noAddress}`);
  return address;
}

/** The address of a daemon in a plugin's config. */
export const daemonAddress: z.ZodType<string> = z
  .string()
  .refine((target) => tryAddress(target) !== undefined, `is ${noAddress}`);

function tryAddress(target: string): DaemonAddress | undefined {
  const path = target.replace(/^unix:(?:\/\/(?=\/))?/, "");
  if (isAbsolute(path) && !path.includes("\0")) return { target: `unix:${path}`, path, url: "http://localhost" };
  const url = URL.canParse(target) ? new URL(target) : undefined;
  const isPlain = url?.username === "" && url.password === "" && url.pathname === "/" && url.search === "";
  return isPlain && url.protocol === "http:" ? { target: url.origin, url: url.origin } : undefined;
}
