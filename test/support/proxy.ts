import { randomInt } from "node:crypto";
import type { MadeCertificate } from "./certificate.ts";

/** Where a proxy listens, with TLS. */
export interface Proxy {
  readonly host: string;
  readonly port: number;
}

/**
 * Starts a proxy for one test with what docs/deploy.md shows: only addresses and paths are others.
 *
 * @param upstream `HOST:PORT` of the server behind it
 */
export type StartProxy = (upstream: string, certificate: MadeCertificate) => Promise<Proxy>;

/** A port of TLS that needs no rights. */
export const proxyPort = 8443;

/** An address of loopback that no other test has, since a proxy cannot be told to take any port. */
export function ownAddress(): string {
  return `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
}
