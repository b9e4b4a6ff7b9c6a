import { describe, expect, test } from "vitest";
import type { Provenance, Site } from "../../../server/policy/origin.ts";
import { foreign, publicUrlOf } from "../../../server/policy/origin.ts";
import { localProxies, proxiesOf } from "../../../server/policy/proxies.ts";

/** An address that others reach, with a certificate of its own and a proxy on 10.0.0.7. */
const site: Site = {
  tls: false,
  host: "0.0.0.0",
  publicUrl: publicUrlOf("https://stowage.example"),
  proxies: proxiesOf(["10.0.0.7"]),
};

const ends = { remoteAddress: "192.168.1.9", localAddress: "192.168.1.5" };
const throughProxy = { ...ends, remoteAddress: "10.0.0.7" };
const forwarded = { "x-forwarded-for": "203.0.113.9" };
const shown = { ...forwarded, origin: "https://stowage.example", "sec-fetch-site": "same-origin" };

/** What is said of a request: let in, or a part of the refusal. */
type Row = readonly [what: string, request: Partial<Provenance>, refusal: string | undefined];

const said = (more: Partial<Provenance>) =>
  foreign({ authority: "stowage.example", headers: {}, local: false, guarded: true, site, ends, ...more });

function check([, request, refusal]: Row): void {
  if (refusal === undefined) expect(said(request)).toBeUndefined();
  else expect(said(request)).toContain(refusal);
}

describe("what comes through a trusted proxy", () => {
  const rows: readonly Row[] = [
    ["a call of a page", { headers: shown }, undefined],
    ["a call of a program", { headers: forwarded }, undefined],
    ["a call over a chain", { headers: { "x-forwarded-for": "1.1.1.1, 203.0.113.9", via: "1.1 a, 2 b" } }, undefined],
    ["Via alone", { headers: { via: "2.0 Caddy" } }, undefined],
    ["a forged X-Forwarded-Host", { headers: { ...shown, "x-forwarded-host": "evil.example" } }, undefined],
    ["a forged X-Forwarded-Proto", { headers: { ...shown, "x-forwarded-proto": "http" } }, undefined],
    ["another port of the name", { authority: "stowage.example:8443", headers: forwarded }, undefined],
    ["the name in capitals", { authority: "Stowage.Example", headers: forwarded }, undefined],
    ["a forged Host", { authority: "evil.example", headers: forwarded }, "is not that of https://stowage.example"],
    [
      "a forged Host that X-Forwarded-Host makes good",
      { authority: "evil.example", headers: { ...forwarded, "x-forwarded-host": "stowage.example" } },
      "the proxy has to pass the Host on",
    ],
    ["a loopback Host", { authority: "127.0.0.1:3000", headers: forwarded }, "the proxy has to pass the Host on"],
    ["the address's own Host", { authority: "192.168.1.5", headers: forwarded }, "has to pass the Host on"],
    ["no Host", { authority: undefined, headers: forwarded }, 'host "" is not that of'],
    ["a page of another origin", { headers: { ...shown, origin: "https://evil.example" } }, "a page of another origin"],
    ["the public name without TLS", { headers: { ...shown, origin: "http://stowage.example" } }, "of another origin"],
    ["a null origin", { headers: { ...forwarded, origin: "null" } }, "a page of another origin"],
    ["a page of the same site", { headers: { ...forwarded, "sec-fetch-site": "same-site" } }, "of another site"],
    ["a page of another site", { headers: { ...forwarded, "sec-fetch-site": "cross-site" } }, "of another site"],
    ["two clients", { headers: { ...forwarded, forwarded: "for=6.6.6.6" } }, "tell of two clients"],
    ["one client, told twice", { headers: { ...forwarded, forwarded: "for=203.0.113.9" } }, undefined],
  ];
  test.for(rows)("%s", ([what, request, refusal]) => {
    check([what, { ends: throughProxy, ...request }, refusal]);
    const mapped = { ...throughProxy, remoteAddress: "::ffff:10.0.0.7" };
    check([what, { ends: mapped, ...request }, refusal]);
  });

  test("is let in as a page from any link, under its name alone", () => {
    const from = { guarded: false, ends: throughProxy };
    expect(said({ ...from, headers: { ...forwarded, "sec-fetch-site": "cross-site" } })).toBeUndefined();
    expect(said({ ...from, headers: forwarded, authority: "evil.example" })).toContain("the proxy has to pass");
  });
});

describe("what only says that it came through a proxy", () => {
  const names = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-anything",
  ];

  test.for(names)("by %s, is refused from an address that is not trusted, pages too", (name) => {
    const headers = { [name]: "for=10.0.0.7" };
    const text = `came through a proxy (${name}) at 192.168.1.9, which trusted_proxies in the config does not name`;
    expect(said({ headers, guarded: false })).toBe(text);
    expect(said({ headers, ends: {} })).toContain("which trusted_proxies");
  });

  test("is refused on a unix socket, and where there is no public URL", () => {
    expect(said({ headers: forwarded, local: true })).toContain("proxies go to a TCP address");
    const { publicUrl: _none, ...without } = site;
    expect(said({ headers: forwarded, site: without, ends: throughProxy })).toContain("needs sign-in and public_url");
  });

  test("is believed from this machine where no proxies are named", () => {
    const local = { ...site, proxies: proxiesOf(localProxies) };
    expect(said({ headers: shown, site: local, ends: { remoteAddress: "127.0.0.1" } })).toBeUndefined();
    expect(said({ headers: shown, site: local, ends: { remoteAddress: "10.0.0.7" } })).toContain("trusted_proxies");
  });
});

describe("what comes without a proxy", () => {
  const certified = (host: string) => host === "node1.lan";
  const secure: Site = { ...site, tls: true, host: "stowage.lan", certified };
  const rows: readonly Row[] = [
    ["the public name", {}, undefined],
    ["the public name, from its page", { headers: { origin: "https://stowage.example" } }, undefined],
    ["a loopback name", { authority: "localhost:3000" }, undefined],
    [
      "a loopback address, from its page",
      { authority: "127.0.0.1:1", headers: { origin: "http://127.0.0.1:1" } },
      undefined,
    ],
    ["the address it came in on", { authority: "192.168.1.5:3000" }, undefined],
    ["that in IPv6", { authority: "[fd00::5]:1", ends: { localAddress: "fd00::5" } }, undefined],
    ["that in IPv6 notation", { authority: "10.1.1.1", ends: { localAddress: "::ffff:10.1.1.1" } }, undefined],
    ["another address", { authority: "192.168.1.6:3000" }, "is not this server; use https://stowage.example"],
    ["all addresses at once", { authority: "0.0.0.0:3000" }, "is not this server"],
    ["all IPv6 addresses at once", { authority: "[::]:3000", site: { ...site, host: "::" } }, "is not this server"],
    ["a name that was made to point here", { authority: "evil.example" }, "is not this server"],
    ["a name below the public one", { authority: "a.stowage.example" }, "is not this server"],
    ["the public name with a dot", { authority: "stowage.example." }, "is not this server"],
    ["a name that the config listens on", { authority: "Stowage.lan:3443", site: secure }, undefined],
    ["a name of the certificate", { authority: "node1.lan:3443", site: secure }, undefined],
    ["no name of the certificate", { authority: "node2.lan:3443", site: secure }, "is not this server"],
    [
      "TLS, from its page",
      { authority: "node1.lan:3443", site: secure, headers: { origin: "https://node1.lan:3443" } },
      undefined,
    ],
    [
      "TLS, from a page without",
      { authority: "node1.lan:3443", site: secure, headers: { origin: "http://node1.lan:3443" } },
      "a page of another origin",
    ],
    [
      "TLS, from a page of the public name under another",
      { authority: "node1.lan:3443", site: secure, headers: { origin: "https://stowage.example" } },
      "a page of another origin",
    ],
    [
      "no TLS, from a page with",
      { authority: "localhost:1", headers: { origin: "https://localhost:1" } },
      "another origin",
    ],
  ];
  test.for(rows)("%s", check);
});
