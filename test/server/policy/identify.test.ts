import { describe, expect, test } from "vitest";
import { isKind } from "../../../content/errors.ts";
import { scopeOf } from "../../../server/policy/call.ts";
import { asBackend, beginCall, withScope } from "../../../server/policy/identify.ts";

const call = beginCall("grpc-go/1.33.3", "unix socket");

describe("a call", () => {
  test("has an id of its own, its peer and user agent", () => {
    expect(beginCall(null, "").id).not.toBe(beginCall(null, "").id);
    expect(call.caller).toEqual({ identity: "", userAgent: "grpc-go/1.33.3", address: "unix socket" });
  });

  test("keeps of a user agent what can be printed, and no more than 200 characters", () => {
    const { userAgent } = beginCall("\u001b[31mred\u0007\r\nbell \u202Egnp.exe é\u007f", "").caller;
    expect(userAgent).toBe("[31mredbell gnp.exe ");
    expect(beginCall("x".repeat(10_000), "").caller.userAgent).toHaveLength(200);
  });
});

describe("its headers", () => {
  test("absent and empty ones are none", () => {
    for (const none of [null, "", "  "]) expect(withScope(call, none, none)).toEqual(call);
  });

  test("the first of several values counts", () => {
    expect(withScope(call, "first, second", "lease-1,lease-2")).toMatchObject({ namespace: "first", lease: "lease-1" });
  });

  test("an empty first value is none, as no name was sent", () => {
    expect(withScope(call, ",second", null)).not.toHaveProperty("namespace");
  });

  test.for(["a b", "../etc", "a/b", "-a", "a-", "ä", "a".repeat(77), "a\u0000b"])("%j is no namespace", (name) => {
    expect(() => withScope(call, name, null)).toThrowError(expect.objectContaining({ kind: "invalid-argument" }));
  });
});

test("a containerd that shows a token is in the store and the namespace that it may see, or nowhere", () => {
  const limited = { ...call, access: { ...call.access, stores: ["second"], namespaces: ["n"] } };
  expect(asBackend(limited, "n", "second")).toMatchObject({ namespace: "n" });
  const denied = expect.objectContaining({ kind: "permission-denied" });
  expect(() => asBackend(limited, "n", "local")).toThrowError(denied);
  expect(() => asBackend(limited, "other", "second")).toThrowError(denied);
});

describe("its scope", () => {
  test("is its namespace, its lease and its caller", () => {
    const { caller } = call;
    expect(scopeOf(withScope(call, "k8s.io", "l"))).toEqual({ namespace: "k8s.io", lease: "l", caller });
    expect(scopeOf(withScope(call, "k8s.io", null))).not.toHaveProperty("lease");
  });

  test("needs a namespace", () => {
    expect.assertions(2);
    try {
      scopeOf(call);
    } catch (error) {
      expect(isKind(error, "failed-precondition")).toBe(true);
      expect(error).toHaveProperty("message", "namespace is required");
    }
  });
});
