import { expect, test } from "vitest";
import { catalogQueryOf, mostExcluding } from "../../../app/_catalog/catalog-query.ts";
import { inHeldOrder } from "../../../app/_catalog/held-order.ts";
import { compareNames } from "../../../app/_catalog/kind.ts";
import { menuGroups, runByKey } from "../../../app/_catalog/row-act.ts";
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
