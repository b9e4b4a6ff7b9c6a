import { BlockList, isIP } from "node:net";

/** Headers of a request; names in lower case. */
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Which connections are those of proxies that may say for whom they ask. */
export interface Proxies {
  /** @param address as a socket or a header tells it; absent: not known, and so none of them */
  trusts(address: string | undefined): boolean;
}

/** Those that are trusted where a config names none: on this machine. */
export const localProxies: readonly string[] = ["127.0.0.0/8", "::1"];

/** What proxies set: `Forwarded`, `Via`, `X-Forwarded-For` and its kin. */
const proxyHeader = /^(?:forwarded|via|x-forwarded-.+)$/;

/** An address, or a network of them: `10.0.0.0/8`. */
const network = /^(?<address>[^/]+)(?:\/(?<bits>\d{1,3}))?$/;

/** An address with a port behind it, as some proxies add it. */
const withPort = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[\d.]+))(?::\d+)?$/;

/** An IPv4 address in IPv6 notation, as sockets that take both tell it. */
const mapped = /^::ffff:(?<v4>\d+\.\d+\.\d+\.\d+)$/i;

/** @param entries addresses and networks without a `proxyFault` */
export function proxiesOf(entries: readonly string[]): Proxies {
  const list = new BlockList();
  for (const entry of entries) {
    const { address = "", bits } = network.exec(entry)?.groups ?? {};
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return {
    trusts(address) {
      const plain = plainAddress(address ?? "");
      const version = isIP(plain);
      return version !== 0 && list.check(plain, version === 6 ? "ipv6" : "ipv4");
    },
  };
}

/** What is wrong with an entry of trusted proxies, in words that go on from it; absent where it is one. */
export function proxyFault(text: string): string | undefined {
  const { address = "", bits = "0" } = network.exec(text)?.groups ?? {};
  const version = isIP(address);
  const fits = version !== 0 && Number(bits) <= (version === 6 ? 128 : 32) && !address.includes("%");
  return fits ? undefined : "is no address and no network, such as 10.1.2.3 or 10.0.0.0/8";
}

/** The first header that only a proxy sets; absent where the request has none. */
export function proxyHeaderOf(headers: Headers): string | undefined {
  return Object.keys(headers).find((name) => proxyHeader.test(name) && headers[name] !== undefined);
}

/** An address as people write it: IPv4 not in IPv6 notation, and without a zone. */
export function plainAddress(address: string): string {
  const [plain = ""] = address.split("%", 1);
  return mapped.exec(plain)?.groups?.["v4"] ?? plain;
}

/**
 * Who asks, by what trusted proxies say: the last address that is not one of theirs. What stands before it may be the
 * client's own invention. Where all are trusted it is the first; where a proxy tells none, or something else than an
 * address, it is that proxy's.
 *
 * @param remote address of the connection
 */
export function clientOf(remote: string, headers: Headers, proxies: Proxies | undefined): string {
  if (proxies?.trusts(remote) !== true) return plainAddress(remote);
  const told = headers["x-forwarded-for"] === undefined ? forwardedFor(headers) : listed(headers["x-forwarded-for"]);
  return lastUntrusted(remote, told, proxies);
}

/**
 * True where `X-Forwarded-For` and `Forwarded` tell of two clients. A proxy sets one of them and passes the other on, so that
 * the client wrote it.
 */
export function disagree(remote: string, headers: Headers, proxies: Proxies): boolean {
  if (headers["x-forwarded-for"] === undefined || headers["forwarded"] === undefined) return false;
  const [one, other] = [listed(headers["x-forwarded-for"]), forwardedFor(headers)];
  return lastUntrusted(remote, one, proxies) !== lastUntrusted(remote, other, proxies);
}

function lastUntrusted(remote: string, told: readonly string[], proxies: Proxies): string {
  let client = plainAddress(remote);
  for (const text of told.toReversed()) {
    if (!proxies.trusts(client)) break;
    const { v6, v4 } = withPort.exec(text)?.groups ?? {};
    const next = plainAddress(v6 ?? v4 ?? text);
    if (isIP(next) === 0) break;
    client = next;
  }
  return client;
}

/** The values of a header that is a list. */
function listed(value: string | readonly string[] | undefined): readonly string[] {
  return [value ?? []]
    .flat()
    .join(",")
    .split(",")
    .map((one) => one.trim());
}

/** The `for` of each element of `Forwarded` (RFC 7239); empty where an element has none. */
function forwardedFor(headers: Headers): readonly string[] {
  const value = [headers["forwarded"] ?? []].flat().join(",");
  if (value === "") return [];
  return parted(value, ",").map((element) => {
    const pair = parted(element, ";").find((each) => /^\s*for\s*=/i.test(each)) ?? "";
    const text = pair.slice(pair.indexOf("=") + 1).trim();
    return /^".*"$/.test(text) ? text.slice(1, -1) : text;
  });
}

/**
 * A text parted at a sign, but not within quotes; where a quote has no end, quotes are as any other sign. It is gone through once:
 * whoever asks has written it, and may want it to take long.
 */
function parted(text: string, sign: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') isQuoted = !isQuoted;
    else if (isQuoted && char === "\\") at += 1;
    else if (!isQuoted && char === sign) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  return isQuoted ? text.split(sign) : [...parts, text.slice(from)];
}
