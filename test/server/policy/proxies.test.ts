import { describe, expect, test } from "vitest";
import {
  clientOf,
  disagree,
  localProxies,
  plainAddress,
  proxiesOf,
  proxyFault,
} from "../../../server/policy/proxies.ts";
import { quickest } from "../../support/quickest.ts";

describe("which proxies are trusted", () => {
  test.for<[string, boolean]>([
    ["10.1.2.3", true],
    ["::ffff:10.1.2.3", true],
    ["192.168.0.7", true],
    ["192.168.0.8", false],
    ["11.0.0.1", false],
    ["fd00::5", true],
    ["fd01::5", false],
    ["", false],
    ["unix", false],
    ["10.1.2.3, 10.1.2.4", false],
  ])("%j: %s", ([address, trusted]) => {
    const proxies = proxiesOf(["10.0.0.0/8", "192.168.0.7", "fd00::/16"]);
    expect(proxies.trusts(address)).toBe(trusted);
  });

  test("is this machine alone where none are named", () => {
    const proxies = proxiesOf(localProxies);
    const trusted = ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", "10.0.0.1", "::2", undefined];
    expect(trusted.map((address) => proxies.trusts(address))).toEqual([true, true, true, true, false, false, false]);
  });

  test.for(["10.0.0.0/33", "10.0.0/8", "10.0.0.0/", "/8", "::/129", "fe80::1%eth0", "proxy", "", "10.0.0.1/8/8", "1 "])(
    "are not named by %j",
    (text) => {
      expect(proxyFault(text)).toContain("is no address and no network");
    },
  );

  test.for(["10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "::1", "fd00::/8"])("may be named by %s", (text) => {
    expect(proxyFault(text)).toBeUndefined();
  });
});

describe("who asks through a proxy", () => {
  const proxies = proxiesOf(["127.0.0.1", "10.0.0.0/8"]);
  const client = (headers: Record<string, string | string[]>, remote = "127.0.0.1") =>
    clientOf(remote, headers, proxies);

  test.for<[what: string, headers: Record<string, string | string[]>, client: string]>([
    ["nobody else, where nothing is told", {}, "127.0.0.1"],
    ["the one address", { "x-forwarded-for": "203.0.113.9" }, "203.0.113.9"],
    ["the last one, whatever is before it", { "x-forwarded-for": "1.1.1.1, 203.0.113.9" }, "203.0.113.9"],
    ["the last that is no proxy", { "x-forwarded-for": "1.1.1.1, 203.0.113.9, 10.0.0.7 ,127.0.0.1" }, "203.0.113.9"],
    ["the first where all are proxies", { "x-forwarded-for": "10.1.1.1, 10.2.2.2" }, "10.1.1.1"],
    ["the last of several headers", { "x-forwarded-for": ["1.1.1.1", "203.0.113.9"] }, "203.0.113.9"],
    ["without a port", { "x-forwarded-for": "203.0.113.9:4711" }, "203.0.113.9"],
    ["IPv6 in brackets", { "x-forwarded-for": "[2001:db8::1]:4711" }, "2001:db8::1"],
    ["IPv6 without", { "x-forwarded-for": "2001:db8::1" }, "2001:db8::1"],
    ["IPv4 as it is", { "x-forwarded-for": "::ffff:203.0.113.9" }, "203.0.113.9"],
    ["the proxy, where it tells no address", { "x-forwarded-for": "1.1.1.1, unknown" }, "127.0.0.1"],
    ["the proxy that does not know", { "x-forwarded-for": "1.1.1.1, unknown, 10.0.0.7" }, "10.0.0.7"],
    ["the proxy, where it tells nothing", { "x-forwarded-for": "" }, "127.0.0.1"],
    ["by Forwarded", { forwarded: "for=203.0.113.9;proto=https;by=10.0.0.1" }, "203.0.113.9"],
    ["by Forwarded, the last", { forwarded: 'for=1.1.1.1, by=x;FOR="203.0.113.9:80"' }, "203.0.113.9"],
    ["by Forwarded in IPv6", { forwarded: 'host="a, for=6.6.6.6;for=7.7.7.7";for="[2001:db8::1]:80"' }, "2001:db8::1"],
    ["the proxy, where Forwarded hides it", { forwarded: "for=1.1.1.1, for=_hidden" }, "127.0.0.1"],
    ["the proxy, where Forwarded tells no client", { forwarded: "for=1.1.1.1, proto=https" }, "127.0.0.1"],
    ["by X-Forwarded-For before Forwarded", { forwarded: "for=6.6.6.6", "x-forwarded-for": "1.1.1.1" }, "1.1.1.1"],
    ["nobody that X-Real-IP tells", { "x-real-ip": "6.6.6.6" }, "127.0.0.1"],
  ])("is %s", ([, headers, wanted]) => {
    expect(client(headers)).toBe(wanted);
  });

  test("is the other end where that is no proxy, or none is trusted", () => {
    expect(client({ "x-forwarded-for": "6.6.6.6" }, "203.0.113.1")).toBe("203.0.113.1");
    expect(client({ "x-forwarded-for": "6.6.6.6" }, "::ffff:203.0.113.1")).toBe("203.0.113.1");
    expect(clientOf("127.0.0.1", { "x-forwarded-for": "6.6.6.6" }, undefined)).toBe("127.0.0.1");
  });

  test("is not clear where two headers tell of two", () => {
    const both = (one: string, other: string) =>
      disagree("127.0.0.1", { "x-forwarded-for": one, forwarded: other }, proxies);
    expect(both("203.0.113.9", "for=6.6.6.6")).toBe(true);
    expect(both("6.6.6.6, 203.0.113.9", "for=203.0.113.9")).toBe(false);
    expect(disagree("127.0.0.1", { forwarded: "for=6.6.6.6" }, proxies)).toBe(false);
  });
});

test("an address is written as people write it", () => {
  expect(["::ffff:10.0.0.1", "::FFFF:10.0.0.1", "fe80::1%eth0", "10.0.0.1", ""].map(plainAddress)).toEqual([
    "10.0.0.1",
    "10.0.0.1",
    "fe80::1",
    "10.0.0.1",
    "",
  ]);
});

describe("what a client wrote for a proxy to pass on", () => {
  const proxies = proxiesOf(localProxies);
  const told = (forwarded: string) => clientOf("127.0.0.1", { forwarded }, proxies);

  test("hides no element behind it in quotes that do not end, and is read by names in any case", () => {
    expect(told('for="1.2.3.4, for=5.6.7.8')).toBe("5.6.7.8");
    expect(told('a="x\\", for=1.2.3.4;b="\\"", For = "[2001:db8::1]:44" ; proto=https')).toBe("2001:db8::1");
  });

  test.for(['"\\', '"a\\', ';for="\\', '"\\",', ";for="])(
    "takes no time that grows faster than it: %s",
    async (unit) => {
      const forwarded = unit.repeat(60_000 / unit.length);
      const tookMs = await quickest(() => disagree("127.0.0.1", { "x-forwarded-for": "1.2.3.4", forwarded }, proxies));
      // Looking for the end of each quote anew would take two seconds, for which nobody else is answered.
      expect(tookMs).toBeLessThan(500);
    },
  );
});
