import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Note } from "../../../app/_upload/notes.ts";
import { dropNote, keepNote, readNotes } from "../../../app/_upload/notes.ts";
import { digestOf } from "../../server/metadata/support.ts";

const kept = new Map<string, string>();
const key = "stowage-uploads";

beforeEach(() => {
  kept.clear();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  });
});
afterEach(() => vi.unstubAllGlobals());

const noteOf = (name: string, namespace = "default", store = ""): Note => {
  return { name, size: 5, lastModified: 1, store, namespace, digest: digestOf(name), page: "p" };
};

test("the last twenty uploads are kept, each once for a namespace of a store, and nothing once all are forgotten", () => {
  for (let index = 0; index < 25; index += 1) keepNote(noteOf(`n${index}`));
  keepNote({ ...noteOf("n20"), page: "q" });
  expect(readNotes()).toHaveLength(20);
  expect(readNotes().at(0)?.name).toBe("n5");
  expect(readNotes().at(-1)).toEqual({ ...noteOf("n20"), page: "q" });
  keepNote(noteOf("n20", "moby"));
  keepNote(noteOf("n20", "moby", "archive"));
  expect(readNotes().filter(({ name }) => name === "n20")).toHaveLength(3);
  for (const note of readNotes()) dropNote(note);
  expect(kept.has(key)).toBe(false);
});

test("no more than its facts is kept of an upload", () => {
  keepNote({ ...noteOf("a".repeat(300)), offset: 5 } as Note);
  expect(readNotes()).toEqual([{ ...noteOf("a".repeat(300)), name: "a".repeat(255) }]);
});

test.each(["{", "5", "[1, null]", '[{"name":"a","size":1,"lastModified":1,"namespace":"d","page":"p","digest":"x"}]'])(
  "%s, which is no list of uploads, is nothing",
  (text) => {
    kept.set(key, text);
    expect(readNotes()).toEqual([]);
  },
);

test("what was kept when there was one store is of the default one", () => {
  const { store: _, ...note } = noteOf("a");
  kept.set(key, JSON.stringify([note]));
  expect(readNotes()).toEqual([noteOf("a")]);
});
