import { expect, onTestFinished, test } from "vitest";
import type { RowSource } from "../../../server/catalog/row-source.ts";
import { createScopedSources } from "../../../server/catalog/scoped-sources.ts";

/** Sources that stay for a minute after the last who followed them, and which of them are open. */
function scoped(most: number) {
  const opened = new Set<string>();
  const open = (among: unknown): RowSource<string> => {
    const name = String(among);
    opened.add(name);
    const nothing = { ready: Promise.resolve(), keys: () => [], get: () => undefined, listen: () => () => undefined };
    return { ...nothing, [Symbol.dispose]: () => void opened.delete(name) };
  };
  const sources = createScopedSources(open, 60_000, most);
  onTestFinished(() => sources[Symbol.dispose]());
  return { sources, opened };
}

test("so many sets of namespaces are followed at once, beside all; one that nobody follows gives its place", () => {
  const { sources, opened } = scoped(2);
  sources.join();
  sources.join(["a", "b"]);
  const other = sources.join(["c"]);
  sources.join(["b", "a"]);
  const text = "more than 2 sets of namespaces are followed at once; try again later";
  expect(() => sources.join(["d"])).toThrow(expect.objectContaining({ kind: "resource-exhausted", message: text }));
  expect([...opened]).toEqual(["*", "a,b", "c"]);
  other[Symbol.dispose]();
  sources.join(["d"]);
  expect([...opened]).toEqual(["*", "a,b", "d"]);
  sources.join("*");
  sources[Symbol.dispose]();
  expect(opened.size).toBe(0);
});
