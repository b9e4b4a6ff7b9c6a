import { describe, expect, test } from "vitest";
import { askedOf } from "../../../app/content/query.ts";
import type { KnownValues } from "../../../app/content/suggest.ts";
import { suggestBlobs } from "../../../app/content/suggest.ts";

describe("what a query asks of a server", () => {
  test("nothing asks for everything", () => {
    expect(askedOf(" ", true)).toEqual({ selection: {}, unsaid: [] });
  });

  test("a server with the language is asked the canonical text", () => {
    expect(askedOf("  size:>1MiB   label:team=payments ", true).selection.query).toBe("size:>1MiB label:team=payments");
  });

  test("another server is asked what filters can say, and the rest is told", () => {
    const { selection, unsaid } = askedOf("size:>1MiB label:team=payments", false);
    expect(selection).toEqual({ filters: ["labels.team==payments"] });
    expect(unsaid).toEqual(["size:>1MiB"]);
  });
});

describe("what a query can go on with", () => {
  const known: KnownValues = {
    namespaces: ["default", "k8s.io"],
    labels: [{ team: "payments" }, { team: "search", x: "y" }],
  };
  const labelsOf = (text: string) => suggestBlobs(text, text.length, known).map(({ label }) => label);

  test("fields, namespaces, keys and values that there are", () => {
    expect(labelsOf("si")).toEqual(["size:"]);
    expect(labelsOf("ns:k")).toEqual(["k8s.io"]);
    expect(labelsOf("label:")).toEqual(["team", "x"]);
    expect(labelsOf("label:team=")).toEqual(["payments", "search"]);
  });

  test("a suggestion takes the place of what was typed", () => {
    expect(suggestBlobs("age:<7d si", 10, known)[0]).toMatchObject({ text: "age:<7d size:", cursor: 13 });
  });
});
