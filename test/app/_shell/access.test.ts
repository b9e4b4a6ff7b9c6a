import { describe, expect, test } from "vitest";
import { absenceOf } from "../../../app/_shell/absence.ts";
import { locksOf } from "../../../app/_shell/access.ts";
import type { Role, SessionAnswer } from "../../../content/remote/session.ts";
import { factsOfStore } from "../facts.ts";

const answerOf = (role: Role): SessionAnswer => ({
  isSignInNeeded: true,
  refusal: "",
  session: { name: "mei", role, stores: ["*"], namespaces: ["*"], how: "session" },
});
const open = { facts: factsOfStore("local"), answer: undefined, isSignedOut: false };

describe("what is locked", () => {
  test("nothing is, while nothing is known that forbids it", () => {
    expect(locksOf({ facts: undefined, answer: undefined, isSignedOut: false })).toEqual({});
    expect(locksOf({ ...open, answer: answerOf("admin") })).toEqual({});
  });

  test("changes are in a store that is opened read-only, whoever asks", () => {
    const facts = factsOfStore("local", { allowsChanges: false });
    expect(locksOf({ ...open, facts, answer: answerOf("admin") })).toEqual({
      change: "This store is opened read-only",
    });
  });

  test.each(["reader", "auditor"] as const)("changes are for %s, with who may make them", (role) => {
    expect(locksOf({ ...open, answer: answerOf(role) }).change).toBe(
      `${role} may look but not change anything; operator or admin may`,
    );
  });

  test("who changed what is for a reader, and for nobody else", () => {
    expect(locksOf({ ...open, answer: answerOf("reader") }).audit).toBe(
      "reader may not; auditor, operator or admin may",
    );
    for (const role of ["auditor", "operator", "admin"] as const) {
      expect(locksOf({ ...open, answer: answerOf(role) }).audit).toBeUndefined();
    }
  });

  test("an operator changes what is stored, and not who may do what", () => {
    expect(locksOf({ ...open, answer: answerOf("operator") })).toEqual({ admin: "operator may not; admin may" });
  });

  test("everything is for who is signed out", () => {
    expect(locksOf({ ...open, isSignedOut: true })).toEqual({
      change: "You are signed out",
      admin: "You are signed out",
    });
  });
});

describe("a store has nothing to show", () => {
  const waited = { lostMs: 5_000 };
  const heard = { lostMs: 5_000, heardAt: new Date(0) };
  const toldAt = new Date(0);
  const away = factsOfStore("node-7", { state: "unreachable", reason: "connection refused" });

  test("that the server does not know, once it told which ones it has", () => {
    expect(absenceOf({ stores: [] }, "nope", waited)).toBeUndefined();
    const stores = [factsOfStore("local", { isDefault: true })];
    expect(absenceOf({ stores, toldAt }, "nope", waited)).toEqual({ kind: "unknown" });
  });

  test("that does not answer, unless it was heard: then its rows are shown", () => {
    for (const facts of [away, { ...away, lastContact: new Date(0) }]) {
      expect(absenceOf({ stores: [facts], toldAt }, "node-7", waited)).toEqual({ kind: "unreachable", facts });
      expect(absenceOf({ stores: [facts], toldAt }, "node-7", heard)).toBeUndefined();
    }
  });

  test("that is asked for the first time, once it was waited for; the default one needs no name", () => {
    expect(absenceOf({ stores: [], toldAt }, "", waited)).toBeUndefined();
    const facts = factsOfStore("k8s", { isDefault: true, state: "connecting" });
    expect(absenceOf({ stores: [facts], toldAt }, "", { lostMs: 500 })).toBeUndefined();
    expect(absenceOf({ stores: [facts], toldAt }, "", waited)).toEqual({ kind: "connecting", facts });
  });
});
