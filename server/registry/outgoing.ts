import { lookup } from "node:dns/promises";
import type { ClientRequest, IncomingMessage } from "node:http";
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import type { LookupFunction } from "node:net";
import { isIP } from "node:net";
import { Readable } from "node:stream";
import { ContentError, throwIfCancelled } from "../../content/errors.ts";
import { isPublicAddress } from "./public-address.ts";
import type { Registries } from "./settings.ts";
import { usualRegistry } from "./settings.ts";

/** Asks a web server, and no other than it should. It is `fetch` as far as httpReadSeeker uses it. */
export type Outgoing = (url: string, init: RequestInit) => Promise<Response>;

/** An address that a name has. */
export interface Resolved {
  readonly address: string;
  readonly family: number;
}

export interface OutgoingOptions {
  readonly registries: Registries;
  /** Sent with every request. */
  readonly userAgent: string;
  /** Addresses of a name; absent: as the system resolves it. */
  readonly resolve?: (name: string) => Promise<readonly Resolved[]>;
}

/** Redirects that are followed. */
const maxRedirects = 5;

/** How long a server may say nothing, in milliseconds. */
const silentMs = 30_000;

const redirects: readonly number[] = [301, 302, 303, 307, 308];

/**
 * Requests to registries, and to where they send us. Each is made to an address that was looked at: its name is resolved once, all that it
 * resolves to has to be public, and the one that was looked at is dialled; so with every redirect. Only a host that the config names
 * may be elsewhere, or be asked without TLS. A redirect to another host is followed without credentials.
 *
 * The requests throw `permission-denied` for a host that may not be asked; `unavailable` for one that does not answer; `cancelled`
 */
export function createOutgoing({ registries, userAgent, resolve = resolveBySystem }: OutgoingOptions): Outgoing {
  async function checked(url: URL): Promise<Resolved> {
    const { plain_http, allow_private } = Object.hasOwn(registries, url.host)
      ? (registries[url.host] ?? usualRegistry)
      : usualRegistry;
    if (url.username !== "" || url.password !== "") throw refused(url, "is named with a user");
    const found = await addressesOf(url, resolve);
    const hidden = allow_private ? undefined : found.find(({ address }) => !isPublicAddress(address));
    if (hidden !== undefined) {
      const at = hidden.address === plainName(url) ? "" : ` at ${hidden.address},`;
      throw refused(url, `is${at} not a public address: allow_private in the config is for such hosts`);
    }
    const isPlain = url.protocol === "http:" && plain_http;
    if (url.protocol !== "https:" && !isPlain)
      throw refused(url, "is to be asked without TLS: plain_http is for such hosts");
    const [first] = found;
    if (first === undefined) throw new ContentError("unavailable", `${url.host} has no address`);
    return first;
  }

  return async (start, init) => {
    let url = new URL(start);
    const headers = new Headers(init.headers);
    headers.set("user-agent", userAgent);
    for (let left = maxRedirects; ; left -= 1) {
      throwIfCancelled(init.signal ?? undefined);
      const answer = await ask(url, await checked(url), headers, init.signal ?? undefined);
      const { location } = answer.headers;
      if (!redirects.includes(answer.statusCode ?? 0) || location === undefined) return responseOf(answer);
      answer.destroy();
      if (left === 0) throw refused(url, "redirects too often");
      const next = URL.parse(location, url);
      if (next === null) throw refused(url, "redirects to what is no URL");
      if (next.host !== url.host || next.protocol !== url.protocol) headers.delete("authorization");
      url = next;
    }
  };
}

function refused({ host }: URL, reason: string): ContentError {
  return new ContentError("permission-denied", `${host} ${reason}`);
}

/** A host without its port, and an address of IPv6 without its brackets. */
function plainName({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

async function addressesOf(url: URL, resolve: NonNullable<OutgoingOptions["resolve"]>): Promise<readonly Resolved[]> {
  const name = plainName(url);
  const family = isIP(name);
  if (family !== 0) return [{ address: name, family }];
  try {
    return await resolve(name);
  } catch (cause) {
    throw new ContentError("unavailable", `${url.host} cannot be resolved`, { cause });
  }
}

function resolveBySystem(name: string): Promise<readonly Resolved[]> {
  return lookup(name, { all: true });
}

/** One request to that address, whatever the name resolves to by now. */
function ask(url: URL, to: Resolved, headers: Headers, signal: AbortSignal | undefined): Promise<IncomingMessage> {
  const pinned: LookupFunction = (_name, { all }, done) => (all ? done(null, [to]) : done(null, to.address, to.family));
  const options = { headers: Object.fromEntries(headers), agent: false, lookup: pinned, ...(signal && { signal }) };
  return new Promise((resolve, reject) => {
    const asked: ClientRequest = (url.protocol === "https:" ? requestHttps : requestHttp)(url, options, resolve);
    asked.setTimeout(silentMs, () => asked.destroy(new Error(`it says nothing for ${silentMs / 1000} s`)));
    asked.on("error", (cause) => {
      reject(new ContentError("unavailable", `${url.host}: ${cause.message}`, { cause }));
    });
    asked.end();
  });
}

/** Statuses whose answers have no body (fetch standard). */
const bodiless: readonly number[] = [101, 103, 204, 205, 304];

function responseOf(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const { statusCode: status = 502, statusMessage: statusText = "" } = answer;
  if (status < 200 || bodiless.includes(status)) {
    answer.destroy();
    return new Response(null, { status: status < 200 ? 502 : status, statusText, headers });
  }
  const body = Readable.toWeb(answer) as ReadableStream<Uint8Array<ArrayBuffer>>;
  return new Response(body, { status, statusText, headers });
}
