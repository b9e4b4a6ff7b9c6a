import type { Digest } from "../../content/digest.ts";
import { isDigest } from "../../content/digest.ts";
import { notesKey } from "./notes-key.ts";
import type { FileFacts } from "./upload.ts";

/** What a browser keeps of an upload that was begun, so that a later page can go on with it. */
export interface Note extends FileFacts {
  readonly namespace: string;
  readonly digest: Digest;
  /** The page that is about it. */
  readonly page: string;
}

/** As many are kept, the last ones; longer names are cut. */
const most = { notes: 20, characters: 255 } as const;

/** What is kept, the oldest first. What is stored and is none of it is left out. */
export function readNotes(): readonly Note[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(notesKey) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isNote).slice(-most.notes) : [];
  } catch {
    return [];
  }
}

/** Keep a note, in the place of an older one of the same upload. */
export function keepNote({ name, size, lastModified, namespace, digest, page }: Note): void {
  const note = { name: name.slice(0, most.characters), size, lastModified, namespace, digest, page };
  write([...others(note), note].slice(-most.notes));
}

/** Forget an upload. */
export function dropNote(upload: Pick<Note, "namespace" | "digest">): void {
  write(others(upload));
}

function others({ namespace, digest }: Pick<Note, "namespace" | "digest">): readonly Note[] {
  return readNotes().filter((note) => note.namespace !== namespace || note.digest !== digest);
}

function write(notes: readonly Note[]): void {
  try {
    if (notes.length === 0) localStorage.removeItem(notesKey);
    else localStorage.setItem(notesKey, JSON.stringify(notes));
  } catch {
    // A browser that stores nothing knows nothing after a reload.
  }
}

function isNote(value: unknown): value is Note {
  if (typeof value !== "object" || value === null) return false;
  const { name, size, lastModified, namespace, digest, page } = value as Readonly<Record<string, unknown>>;
  const isText = (text: unknown) => typeof text === "string" && text.length <= most.characters;
  const isFacts = isText(name) && Number.isSafeInteger(size) && Number.isFinite(lastModified);
  return isFacts && isText(namespace) && isText(page) && typeof digest === "string" && isDigest(digest);
}
