import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Completion, Target } from "../../../content/query.ts";
import { completeAt } from "../../../content/query.ts";
import { queryTexts } from "./arbitraries.ts";

/** What is completed where `|` stands, and the text that a completion takes the place of. */
function completed(marked: string, target: Target = "blobs") {
  const cursor = marked.indexOf("|");
  const text = marked.replace("|", "");
  const completion = completeAt(text, cursor, target);
  if (!completion) return undefined;
  const { span, ...rest } = completion;
  return { ...rest, replaced: text.slice(span.start, span.end) };
}

type Expected = Partial<Completion> & { readonly replaced: string };

describe("where the cursor stands, there is completed", () => {
  test.each<[string, Expected]>([
    ["|", { kind: "word", typed: "", replaced: "" }],
    ["ns:moby |", { kind: "word", typed: "", replaced: "" }],
    ["ns:moby | size:1", { kind: "word", typed: "", replaced: "" }],
    ["a si|", { kind: "word", typed: "si", replaced: "si" }],
    ["s|ize b", { kind: "word", typed: "s", replaced: "size" }],
    ["-si|", { kind: "word", typed: "si", replaced: "si", excluded: true }],
    ["|-si", { kind: "word", typed: "", replaced: "" }],
    ["-|", { kind: "word", typed: "", replaced: "", excluded: true }],
    ["la|bel:team", { kind: "word", typed: "la", replaced: "label:" }],
    ["ns:|", { kind: "value", field: "ns", typed: "", replaced: "" }],
    ["-ns:mo|by b", { kind: "value", field: "ns", typed: "mo", replaced: "moby", excluded: true }],
    ["size:>1|", { kind: "value", field: "size", typed: ">1", replaced: ">1" }],
    ["label:|", { kind: "key", field: "label", typed: "", replaced: "" }],
    ["label:te|", { kind: "key", field: "label", typed: "te", replaced: "te" }],
    ["label:te|am=payments", { kind: "key", field: "label", typed: "te", replaced: "team" }],
    ["label:team=|", { kind: "value", field: "label", key: "team", typed: "", replaced: "" }],
    ["label:team=pay|ments", { kind: "value", field: "label", key: "team", typed: "pay", replaced: "payments" }],
    ['label:"a=b"=c|', { kind: "value", field: "label", key: "a=b", typed: "c", replaced: "c" }],
    ['label:note="too c|', { kind: "value", field: "label", key: "note", typed: "too c", replaced: '"too c' }],
    ['ns:"mo|by"', { kind: "value", field: "ns", typed: "moby", replaced: '"moby"' }],
  ])("%j", (marked, expected) => {
    expect(completed(marked)).toEqual({ excluded: false, ...expected });
  });
});

describe("nothing is completed", () => {
  test.each(["/^sha|/", "label:team=/pa|", '"two wo|', "held:n|", "state:st|"])("%j", (marked) => {
    expect(completed(marked)).toBeUndefined();
  });
});

test("a field is completed only where its target has it", () => {
  expect(completed("state:st|", "ingests")).toMatchObject({ kind: "value", field: "state", typed: "st" });
  expect(completed("label:te|", "ingests")).toBeUndefined();
});

test("whatever was typed, what is replaced is around the cursor", () => {
  fc.assert(
    fc.property(queryTexts, fc.nat(), fc.constantFrom<Target>("blobs", "ingests"), (text, place, target) => {
      const cursor = place % (text.length + 1);
      const completion = completeAt(text, cursor, target);
      if (!completion) return;
      expect(completion.span.start).toBeLessThanOrEqual(cursor);
      expect(completion.span.end).toBeGreaterThanOrEqual(cursor);
      expect(completion.span.end).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 3000 },
  );
});
