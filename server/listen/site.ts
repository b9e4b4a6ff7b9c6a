import type { Logger } from "pino";
import { mayBind } from "../policy/may-bind.ts";
import type { Site } from "../policy/origin.ts";
import { publicUrlOf } from "../policy/origin.ts";
import { localProxies, proxiesOf } from "../policy/proxies.ts";
import { StartError } from "../start-error.ts";
import type { TcpAddress } from "./bind.ts";
import type { LiveCertificate } from "./live-certificate.ts";
import { openLiveCertificate } from "./live-certificate.ts";

/** Who else than this machine is to reach the addresses of a listener. */
export interface Exposure {
  /** True where sign-in is configured; absent: false, and only loopback is listened on. */
  readonly hasAuth?: boolean;
  /** Origin under which a proxy shows the server; absent: what comes through one is refused. */
  readonly publicUrl?: string;
  /** Addresses and networks of proxies that are believed, with `publicUrl`; absent: this machine's. */
  readonly trustedProxies?: readonly string[];
}

/** An address that may be listened on. */
export interface OpenSite {
  readonly site: Site;
  /** Absent: it is without TLS. */
  readonly certificate?: LiveCertificate;
}

/**
 * What an address is called, with its certificate.
 *
 * @param logger is told of an address without TLS, and of what becomes of the certificate
 * @throws StartError for an address that may not be listened on, and for a certificate that cannot be used
 */
export async function openSite(address: TcpAddress, exposure: Exposure, logger: Logger): Promise<OpenSite> {
  const { host, port, tls, insecure = false } = address;
  const { hasAuth = false, publicUrl, trustedProxies = localProxies } = exposure;
  const rule = mayBind({ address: host, port, hasAuth, tls: tls !== undefined, publicUrl, insecure });
  if (rule.refusal !== undefined) throw new StartError(rule.refusal);
  if (rule.warning !== undefined) logger.warn(rule.warning);
  const certificate = tls && (await openLiveCertificate(tls, logger));
  const site: Site = {
    host,
    tls: tls !== undefined,
    ...(publicUrl !== undefined && { publicUrl: publicUrlOf(publicUrl), proxies: proxiesOf(trustedProxies) }),
    ...(certificate && { certified: (name) => certificate.covers(name) }),
  };
  return { site, ...(certificate && { certificate }) };
}
