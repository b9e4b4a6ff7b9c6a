import { expect, test } from "vitest";
import { endOf, faultsOf, firstDraft, namesIn } from "../../../app/settings/token-draft.ts";
import { tokenEnd } from "../../../app/settings/token-end.ts";

const nowMs = new Date("2026-11-29T12:00:00").getTime();

const right = { ...firstDraft, name: "mei" };

function wrongFields(change: Partial<typeof firstDraft>, taken: readonly string[] = []): readonly string[] {
  const faults = Object.entries(faultsOf({ ...right, ...change }, taken, nowMs));
  return faults.filter(([, fault]) => fault !== undefined).map(([field]) => field);
}

test("a scope without names is every one, and names are told apart by commas and spaces", () => {
  expect(namesIn(" ")).toEqual(["*"]);
  expect(namesIn("moby, k8s.io  moby")).toEqual(["moby", "k8s.io"]);
});

test("a draft says which of its fields keep it from being a token", () => {
  expect(wrongFields({})).toEqual([]);
  expect(wrongFields({ name: "" })).toEqual(["name"]);
  expect(wrongFields({ name: "a b" })).toEqual(["name"]);
  expect(wrongFields({ name: "mei" }, ["mei"])).toEqual(["name"]);
  expect(wrongFields({ stores: "*, local", namespaces: "a/b" })).toEqual(["stores", "namespaces"]);
  expect(wrongFields({ lifetime: "own" })).toEqual(["lastDay"]);
  expect(wrongFields({ lifetime: "own", lastDay: "2026-11-28" })).toEqual(["lastDay"]);
  expect(wrongFields({ lifetime: "own", lastDay: "2026-11-29" })).toEqual([]);
});

test("a token lasts to the end of its last day, so many days, or until it is revoked", () => {
  const end = (change: Partial<typeof firstDraft>) => endOf({ ...right, ...change }, nowMs);
  expect(end({ lifetime: "own", lastDay: "2026-12-31" })).toEqual(new Date("2026-12-31T23:59:59"));
  expect(end({ lifetime: "7" })).toEqual(new Date(nowMs + 7 * 86_400_000));
  expect(end({ lifetime: "never" })).toBeUndefined();
});

test("a token is at its end once it is revoked, or its time is over", () => {
  const [before, after] = [new Date(nowMs - 1), new Date(nowMs + 1)];
  expect(tokenEnd({}, nowMs)).toBeUndefined();
  expect(tokenEnd({ expiresAt: after }, nowMs)).toBeUndefined();
  expect(tokenEnd({ expiresAt: before }, nowMs)).toBe("expired");
  expect(tokenEnd({ expiresAt: before, revokedAt: before }, nowMs)).toBe("revoked");
});
