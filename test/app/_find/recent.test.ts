import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readRecent, rememberFound } from "../../../app/_find/recent.ts";

const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  });
});
afterEach(() => vi.unstubAllGlobals());

const choose = (label: string, href = `/content?ns=${label}`) =>
  rememberFound({ key: label, kind: "namespace", label, note: "", href });

test("the last eight that were chosen are remembered, the last first, each once", () => {
  for (let index = 0; index < 10; index += 1) choose(`n${index}`);
  choose("n5");
  expect(readRecent().map(({ label }) => label)).toEqual(["n5", "n9", "n8", "n7", "n6", "n4", "n3", "n2"]);
});

test("acts and pages are not remembered", () => {
  rememberFound({ key: "a", kind: "action", label: "Pause", note: "", run: () => undefined });
  rememberFound({ key: "p", kind: "page", label: "Content", note: "", href: "/content" });
  expect(readRecent()).toEqual([]);
});

test.each(["{", "5", "[1, null]", '[{"kind":"blob","label":"a","note":"","href":"//elsewhere.example"}]'])(
  "%s, which is no list of links, is nothing",
  (text) => {
    kept.set("stowage-found", text);
    expect(readRecent()).toEqual([]);
  },
);

test("a browser that stores nothing forgets, and fails not", () => {
  const refuse = () => {
    throw new DOMException("no", "SecurityError");
  };
  vi.stubGlobal("localStorage", { getItem: refuse, setItem: refuse });
  choose("a");
  expect(readRecent()).toEqual([]);
});
