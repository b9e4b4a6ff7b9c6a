import { describe, expect, test } from "vitest";
import type { Provenance } from "../../../server/policy/origin.ts";
import { allowedOrigin, foreign, isLoopbackHost, originFault } from "../../../server/policy/origin.ts";

const here: Provenance = { authority: "127.0.0.1:3000", headers: {}, local: false, guarded: true };

/** A guarded request as a client on this machine sends it, but for what is said. */
const ask = (more: Partial<Provenance>) => foreign({ ...here, ...more });

describe("the Host of a request", () => {
  test.for([
    "localhost",
    "localhost:3000",
    "LOCALHOST:3000",
    "127.0.0.1",
    "127.0.0.1:8080",
    "127.1.2.3:3000",
    "[::1]",
    "[::1]:3000",
  ])("may be %s", (authority) => {
    expect(ask({ authority })).toBeUndefined();
  });

  test.for([
    undefined,
    "",
    "evil.example",
    "evil.example:3000",
    "localhost.evil.example",
    "127.0.0.1.evil.example:3000",
    "127.0.0.1.nip.io",
    "evil.example@127.0.0.1",
    "127.0.0.1:3000@evil.example",
    "0.0.0.0:3000",
    "192.168.1.5:3000",
    "127.0.0.999",
    "[::]:3000",
    "[::ffff:127.0.0.1]:3000",
    "::1",
    "[::1",
    "localhost:",
    "localhost:123456",
    "localhost:3000:3000",
    "localhost.",
  ])("may not be %j", (authority) => {
    expect(ask({ authority })).toContain("is not this server");
    expect(ask({ authority, guarded: false })).toContain("is not this server");
  });

  test("is not looked at on a unix socket", () => {
    expect(ask({ authority: "anything", local: true })).toBeUndefined();
    expect(ask({ authority: undefined, local: true })).toBeUndefined();
  });
});

describe("a call from a page", () => {
  test.for([
    [{ "sec-fetch-site": "same-origin", origin: "http://127.0.0.1:3000" }, true],
    [{ "sec-fetch-site": "none" }, true],
    [{ "sec-fetch-site": "same-site" }, false],
    [{ "sec-fetch-site": "cross-site" }, false],
    [{ "sec-fetch-site": "same-origin, none" }, false],
    [{ origin: "http://127.0.0.1:3000" }, true],
    [{ origin: "http://127.0.0.1:3001" }, false],
    [{ origin: "https://127.0.0.1:3000" }, false],
    [{ origin: "http://localhost:3000" }, false],
    [{ origin: "https://evil.example" }, false],
    [{ origin: "null" }, false],
    [{ origin: "" }, false],
    [{ "sec-fetch-site": "same-origin", origin: "https://evil.example" }, false],
    [{}, true],
  ] as const)("with %j is let in: %s", ([headers, allowed]) => {
    const refused = ask({ headers });
    if (allowed) expect(refused).toBeUndefined();
    else expect(refused).toMatch(/^called from a page of another/);
  });

  test("is refused on a unix socket as well", () => {
    expect(ask({ local: true, authority: "localhost", headers: { origin: "https://evil.example" } })).toBeDefined();
  });

  test("to a page itself is let in: links are shared", () => {
    expect(ask({ headers: { "sec-fetch-site": "cross-site" }, guarded: false })).toBeUndefined();
  });
});

describe("a page of an origin that is allowed", () => {
  const allowed = new Set(["https://app.example", "http://127.0.0.1:5173"]);

  test.for([
    [{ origin: "https://app.example", "sec-fetch-site": "cross-site" }, true],
    [{ origin: "http://127.0.0.1:5173", "sec-fetch-site": "same-site" }, true],
    [{ origin: "https://app.example" }, true],
    [{ "sec-fetch-site": "cross-site" }, false],
    [{ origin: "https://app.example.evil", "sec-fetch-site": "cross-site" }, false],
    [{ origin: "https://App.example" }, false],
    [{ origin: "http://app.example" }, false],
    [{ origin: "https://app.example:8443" }, false],
    [{ origin: "https://sub.app.example" }, false],
    [{ origin: "null", "sec-fetch-site": "cross-site" }, false],
    [{ origin: "https://app.example, https://evil.example" }, false],
  ] as const)("may call: with %j it is %s", ([headers, isIn]) => {
    expect(ask({ headers, allowed }) === undefined).toBe(isIn);
    expect(allowedOrigin({ headers, allowed })).toBe(isIn ? headers.origin : undefined);
  });

  test("is refused as any other by its Host, and through a proxy", () => {
    const headers = { origin: "https://app.example" };
    expect(ask({ headers, allowed, authority: "app.example" })).toContain("is not this server");
    expect(ask({ headers: { ...headers, via: "1.1 x" }, allowed })).toContain("came through a proxy");
  });

  test("leaves the server's own pages as they are", () => {
    const headers = { "sec-fetch-site": "same-origin", origin: "http://127.0.0.1:3000" };
    expect(ask({ headers, allowed })).toBeUndefined();
    expect(allowedOrigin({ headers, allowed })).toBeUndefined();
  });
});

describe("the name of an origin", () => {
  test.for(["https://app.example", "http://localhost:5173", "http://[::1]:3000", "https://xn--bcher-kva.example"])(
    "may be %s",
    (text) => expect(originFault(text)).toBeUndefined(),
  );

  test.for([
    ["https://app.example/", "write it as https://app.example"],
    ["https://APP.example", "write it as https://app.example"],
    ["https://app.example:443", "write it as https://app.example"],
    ["https://mei@app.example/x?y", "write it as https://app.example"],
    ["https://bücher.example", "write it as https://xn--bcher-kva.example"],
    ["*", "without wildcards"],
    ["https://*.example", "without wildcards"],
    ["null", "is no origin"],
    ["app.example", "is no origin"],
    ["file:///x", "is no origin"],
    ["", "is no origin"],
  ] as const)("may not be %j", ([text, fault]) => {
    expect(originFault(text)).toContain(fault);
  });
});

describe("what came through a proxy", () => {
  test.for(["forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port"])(
    "as %s tells, is refused, pages too",
    (name) => {
      const headers = { [name]: "203.0.113.9" };
      expect(ask({ headers, guarded: false })).toContain(`came through a proxy (${name})`);
      expect(ask({ headers, local: true, guarded: false })).toContain("public_url");
    },
  );

  test("is not told by an absent header", () => {
    expect(ask({ headers: { via: undefined, "x-forwarded-for": undefined } })).toBeUndefined();
  });
});

test("loopback is told by what a host is, not by how it begins", () => {
  for (const host of ["localhost", "::1", "127.0.0.1", "127.255.255.254"]) expect(isLoopbackHost(host)).toBe(true);
  for (const host of ["127.1", "127.0.0.256", "127.0.0.1.example", "local", "::", "10.0.0.1"]) {
    expect(isLoopbackHost(host)).toBe(false);
  }
});
