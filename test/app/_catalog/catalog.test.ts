import { expect, test } from "vitest";
import { catalogQueryOf, mostExcluding } from "../../../app/_catalog/catalog-query.ts";
import { chosenNow } from "../../../app/_catalog/chosen-now.ts";
import { inHeldOrder } from "../../../app/_catalog/held-order.ts";
import { compareNames } from "../../../app/_catalog/kind.ts";
import { menuGroups, runByKey } from "../../../app/_catalog/row-act.ts";
import { namedTokens } from "../../../app/_catalog/row-tokens.ts";
import { suggestNamed } from "../../../app/_catalog/suggest.ts";
import { namedImage } from "../../../app/images/kind.ts";
import { startMs } from "../_live/rows.ts";
import { imageOf } from "./rows.ts";

const rows = [
  imageOf("registry.example/app:1", "aa", { bytes: 5000 }),
  imageOf("registry.example/app:2", "bb", { blobsPresent: 2, namespace: "moby" }),
  imageOf("registry.example/other", "cc"),
].map((row) => namedImage(row));

function matched(text: string, nowMs = startMs): readonly (string | undefined)[] {
  return rows.filter(catalogQueryOf(text, "images", ["*"]).testAt(nowMs)).map(({ texts }) => texts[0]?.split("/")[1]);
}

test("a query chooses by words, namespace, state, size and age", () => {
  expect(matched("")).toEqual(["app:1", "app:2", "other"]);
  expect(matched("app")).toEqual(["app:1", "app:2"]);
  expect(matched("sha256:cc")).toEqual(["other"]);
  expect(matched("ns:moby")).toEqual(["app:2"]);
  expect(matched("state:incomplete state:untagged")).toEqual(["app:2", "other"]);
  expect(matched("-state:incomplete size:>4KiB")).toEqual(["app:1"]);
  expect(matched("age:>1h")).toEqual([]);
  expect(matched("age:>1h", startMs + 2 * 3_600_000)).toHaveLength(3);
});

test("a text of an address that is no query asks for everything", () => {
  expect(matched("state:gone")).toHaveLength(3);
});

test("the token that keeps the most rows away is named, with what stays without it", () => {
  const text = "app size:>1GiB";
  expect(mostExcluding(text, catalogQueryOf(text, "images", ["*"]), rows, startMs)).toEqual({
    token: "size:>1GiB",
    rest: "app",
    count: 2,
  });
});

test("states are suggested with how many rows have them", () => {
  const known = { namespaces: ["default"], rows, states: ["incomplete", "untagged"] };
  expect(suggestNamed("state:", 6, "images", known).map(({ label, note }) => [label, note])).toEqual([
    ["incomplete", "1\u00a0image here"],
    ["untagged", "1\u00a0image here"],
  ]);
});

test("names are suggested where one is asked for", () => {
  const known = { namespaces: ["default"], rows, states: [] };
  expect(suggestNamed("name:registry.example/o", 23, "images", known).map(({ label }) => label)).toEqual([
    "registry.example/other",
  ]);
});

test("a row matches every token that its menu offers, and none of the excluding ones", () => {
  const { image, ...plain } = imageOf("registry.example/app", "aa", { blobsPresent: 1, bytes: 5000 });
  const labels = { "odd key": 'a "b"', team: "x" };
  const row = namedImage({ ...plain, image: { ...image, labels } });
  const tokens = namedTokens(row, ["name:registry.example/app"]);
  expect(tokens).toHaveLength(7);
  for (const token of tokens) {
    expect(catalogQueryOf(token, "images", ["*"]).testAt(startMs)(row)).toBe(true);
    expect(catalogQueryOf(`-${token}`, "images", ["*"]).testAt(startMs)(row)).toBe(false);
  }
});

test("a chosen row is gone, or outside the query or the namespaces, and a query names those", () => {
  const items = new Map(["a x", "a y", "a z w", "b x"].map((key) => [key, key] as const));
  const namedOf = (key: string) => ({ namespace: key.slice(0, 1), name: key.slice(2) });
  const page = { names: ["a"], present: new Set(["a x", "a z w"]), shown: new Set(["a x"]), field: "id" };
  expect(chosenNow(items, namedOf, { ...page, isComplete: true })).toEqual({
    here: ["a x", "a z w"],
    gone: 1,
    outside: { count: 2, query: 'id:"z w" id:x' },
  });
  const atFirst = { ...page, present: new Set<string>(), shown: new Set<string>(), isComplete: false };
  expect(chosenNow(items, namedOf, atFirst)).toMatchObject({ here: [], gone: 0, outside: { count: 1 } });
});

test("more than a query can hold are outside without a query that names them", () => {
  const keys = Array.from({ length: 65 }, (_, at) => [`a ${at}`, `${at}`] as const);
  const page = { names: [], present: new Set(keys.map(([key]) => key)), shown: new Set<string>(), field: "id" };
  const { outside } = chosenNow(new Map(keys), (name) => ({ namespace: "a", name }), { ...page, isComplete: true });
  expect(outside).toEqual({ count: 65, query: "" });
});

test("names are ordered as people read them", () => {
  expect(["v10", "v9", "v9", "V9"].toSorted(compareNames)).toEqual(["v9", "v9", "V9", "v10"]);
});

test("in a held order nothing moves, and what is new comes last", () => {
  const lines = ["a", "b", "c", "d"].map((key) => ({ key }));
  expect(inHeldOrder(lines, ["c", "a", "b"]).map(({ key }) => key)).toEqual(["c", "a", "b", "d"]);
});

test("a key runs the act that has it, and what destroys stands apart in the menu", () => {
  const ran: string[] = [];
  const icon = () => null;
  const act = (key: string, shortcut?: string, isDanger = false) => ({
    key,
    label: key,
    // A menu draws it; here nothing does.
    icon: icon as never,
    ...(shortcut && { shortcut }),
    isDanger,
    run: () => void ran.push(key),
  });
  const acts = [act("tag", "t"), act("copy"), act("untag", "Delete", true)];
  expect([runByKey(acts, "t"), runByKey(acts, "Backspace"), runByKey(acts, "z")]).toEqual([true, true, false]);
  expect(ran).toEqual(["tag", "untag"]);
  expect(menuGroups(acts).map((group) => group.map(({ key, note }) => [key, note]))).toEqual([
    [
      ["tag", "t"],
      ["copy", undefined],
    ],
    [["untag", "Del"]],
  ]);
});
