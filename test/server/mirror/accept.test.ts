import { expect, test } from "vitest";
import { createAccept } from "../../../server/mirror/accept.ts";

test("of a source with a million namespaces some thousand are shown, and once it is said that others are left out", () => {
  const said: string[] = [];
  const accept = createAccept((what, reason) => said.push(`${what}: ${String(reason)}`));
  const told = Array.from({ length: 1_000_000 }, (_, at) => ({ name: `n${at}`, labels: {} }));
  const shown = accept.namespaces(told);
  expect([shown.length, shown.at(-1)?.name]).toEqual([10_000, "n9999"]);
  expect(said).toEqual(["namespaces: more than 10000 of them"]);
});

test("of a thing with very many labels those are looked at that come first, since all would take a second to sort", () => {
  const accept = createAccept(() => undefined);
  const labels = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`key-${90_000 - at}`, "v"]));
  const [shown] = accept.namespaces([{ name: "n", labels }]);
  const keys = Object.keys(shown?.labels ?? {});
  expect([keys.length, keys[0]]).toEqual([1000, "key-80001"]);
});

test("a name that is none, and labels that are too long, are left out of what is shown", () => {
  const accept = createAccept(() => undefined);
  const labels = { huge: "x".repeat(16 * 1024 * 1024), fits: "y" };
  expect(
    accept.namespaces([
      { name: "../up", labels: {} },
      { name: "n", labels },
    ]),
  ).toEqual([{ name: "n", labels: { fits: "y" } }]);
});
