import { describe, expect, test } from "vitest";
import { isAtRest, newVersionOf } from "../../../app/_live/new-version.ts";
import type { ServerView } from "../../../app/_live/server.ts";

const serverOf = (version: string): ServerView => ({
  facts: { version, sockets: [], host: "node-1" },
  namespaces: [],
  isKnown: true,
});

describe("the version of a server", () => {
  test("is new where it is not the one of the page", () => {
    expect(newVersionOf(serverOf("1.5.0"), "1.4.0")).toBe("1.5.0");
    expect(newVersionOf(serverOf("1.4.0"), "1.4.0")).toBeUndefined();
  });

  test("is not new before the server told it, and to a page that knows none of its own", () => {
    expect(newVersionOf({ namespaces: [], isKnown: false }, "1.4.0")).toBeUndefined();
    expect(newVersionOf(serverOf("1.5.0"), "")).toBeUndefined();
  });
});

describe("a page", () => {
  const page = (changes: { hidden?: boolean; selects?: boolean; writes?: boolean; edits?: boolean } = {}) => ({
    visibilityState: changes.hidden === false ? ("visible" as const) : ("hidden" as const),
    getSelection: () => (changes.selects ? ({ isCollapsed: false } as Selection) : null),
    activeElement: { matches: () => changes.writes === true } as unknown as Element,
    querySelector: () => (changes.edits ? ({} as Element) : null),
  });

  test("is at rest out of sight, with nothing edited or selected", () => {
    expect(isAtRest(page())).toBe(true);
  });

  test("is not at rest in sight, or while something in it is written, selected or edited", () => {
    for (const busy of [{ hidden: false }, { selects: true }, { writes: true }, { edits: true }]) {
      expect(isAtRest(page(busy))).toBe(false);
    }
  });
});
