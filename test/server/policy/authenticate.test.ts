import { describe, expect, test } from "vitest";
import type { Identity } from "../../../server/policy/access.ts";
import { fullAccess } from "../../../server/policy/access.ts";
import type { AuthMethod } from "../../../server/policy/authenticate.ts";
import { createAuthenticator } from "../../../server/policy/authenticate.ts";
import { credentialsOf } from "../../../server/policy/credentials.ts";
import { createFailures } from "../../../server/policy/failures.ts";
import { localPeer } from "../../../server/policy/identify.ts";

const headersOf = (headers: Record<string, string>) => new Headers(headers);
const shown = (token: string) => headersOf({ authorization: `Bearer ${token}` });

describe("what a call shows", () => {
  test("is a bearer's token, and cookies by their names", () => {
    const { bearer, cookies } = credentialsOf(
      headersOf({ authorization: "bearer  abc ", cookie: "a=1; b=2=3, c=4;d;e=5" }),
    );
    expect(bearer).toBe("abc");
    expect([...cookies]).toEqual([
      ["a", "1"],
      // A comma is part of a value: what stands behind it may be somebody else's.
      ["b", "2=3, c=4"],
      ["e", "5"],
    ]);
  });

  test("is nothing where it is of another kind, or cookies that a page of another site sends", () => {
    for (const authorization of ["Basic abc", "Bearer", "Bearer a b", `Bearer ${"a".repeat(9000)} b`]) {
      const { bearer } = credentialsOf(headersOf({ authorization }));
      expect(bearer ?? "").not.toMatch(/ |^abc$/);
    }
    for (const site of ["cross-site", "same-site"]) {
      expect(credentialsOf(headersOf({ cookie: "a=1", "sec-fetch-site": site })).cookies.size).toBe(0);
    }
  });
});

describe("an address", () => {
  test("is not listened to for the rest of a minute after ten wrong ones, the same cookie counted once", () => {
    let ms = 0;
    const failures = createFailures({ most: 10, windowMs: 60_000, addresses: 2 }, () => ms);
    for (let count = 0; count < 100; count += 1) failures.add("a", "the same");
    for (let count = 0; count < 8; count += 1) failures.add("a", "");
    expect(failures.waitMs("a")).toBe(0);
    ms = 30_000;
    failures.add("a", "");
    expect([failures.waitMs("a"), failures.waitMs("b")]).toEqual([30_000, 0]);
    ms = 60_000;
    expect(failures.waitMs("a")).toBe(0);
  });

  test("is one with all others of its network of IPv6, among which a client may choose", () => {
    const failures = createFailures({ most: 2, windowMs: 60_000, addresses: 2 }, () => 0);
    for (const address of ["2001:db8::1", "2001:db8::2"]) failures.add(address, "");
    const waits = ["2001:db8::3", "2001:db8:0:1::3"].map((address) => failures.waitMs(address));
    expect(waits).toEqual([60_000, 0]);
  });

  test("is forgotten once there are too many", () => {
    const failures = createFailures({ most: 1, windowMs: 60_000, addresses: 2 }, () => 0);
    for (const address of ["a", "b", "c"]) failures.add(address, "");
    expect(["a", "b", "c"].map((address) => failures.waitMs(address))).toEqual([0, 60_000, 60_000]);
  });
});

describe("who calls", () => {
  const mei: Identity = { name: "mei", access: fullAccess };
  const only = (text: string, identity: Identity): AuthMethod => ({
    socket: false,
    identify: ({ bearer }) =>
      bearer === text ? identity : bearer === `${text}!` ? { refusal: "It ended." } : undefined,
  });

  test("is said by the first method that knows what is shown", () => {
    const auth = createAuthenticator([only("a", mei), only("b", { ...mei, name: "kim" })]);
    expect(auth.identify(shown("b"), "127.0.0.1")).toMatchObject({ name: "kim" });
    expect(auth.identify(shown("a!"), "127.0.0.1")).toMatchObject({ kind: "unauthenticated", message: "It ended." });
    expect(auth.identify(shown("c"), "127.0.0.1")).toMatchObject({ message: "This token is not known here." });
    expect(auth.identify(headersOf({}), "127.0.0.1")).toMatchObject({ message: "Sign in: this server needs a token." });
  });

  test("is everybody on a unix socket, unless a method asks there too, and whom a token says where one is shown", () => {
    const free = createAuthenticator([only("a", mei)]);
    expect(free.identify(headersOf({}), localPeer)).toMatchObject({
      name: "",
      access: { how: "socket", role: "admin" },
    });
    expect(free.identify(shown("a"), localPeer)).toBe(mei);
    expect(free.identify(shown("b"), localPeer)).toMatchObject({ kind: "unauthenticated" });
    const strict = createAuthenticator([{ ...only("a", mei), socket: true }]);
    expect(strict.identify(headersOf({}), localPeer)).toMatchObject({ kind: "unauthenticated" });
  });

  test("is not looked for any more from an address of many wrong tokens, but on the unix socket", () => {
    const looks: boolean[] = [];
    const method: AuthMethod = {
      socket: false,
      identify({ bearer }, mayGuess) {
        looks.push(mayGuess);
        return bearer === "old" ? { refusal: "It ended." } : bearer === "good" ? mei : undefined;
      },
    };
    const auth = createAuthenticator([method]);
    for (let count = 0; count < 10; count += 1) auth.identify(shown("x"), "10.0.0.7");
    expect(auth.identify(shown("x"), "10.0.0.7")).toMatchObject({ kind: "resource-exhausted" });
    expect(looks.at(-1)).toBe(false);
    expect(auth.identify(shown("good"), "10.0.0.7")).toBe(mei);
    expect(auth.identify(shown("old"), "10.0.0.7")).toMatchObject({ kind: "unauthenticated", message: "It ended." });
    // Whoever shares the address with who guesses gets in by what is good, and is told nothing else.
    expect(() => auth.attempt("10.0.0.7", () => ({ refusal: "wrong", guess: "" }))).toThrow(/Too many wrong tokens/);
    expect(() => auth.attempt("10.0.0.7", () => ({ refusal: "It was revoked." }))).toThrow("It was revoked.");
    expect(auth.attempt("10.0.0.7", () => ({ secret: "s" }))).toEqual({ secret: "s" });
    expect(auth.identify(headersOf({}), "10.0.0.7")).toMatchObject({ kind: "unauthenticated" });
    expect(auth.identify(shown("x"), "10.0.0.8")).toMatchObject({ kind: "unauthenticated" });
    for (let count = 0; count < 20; count += 1) auth.identify(shown("x"), localPeer);
    expect(auth.identify(shown("x"), localPeer)).toMatchObject({ kind: "unauthenticated" });
  });
});
