import type { Digest } from "../../content/digest.ts";
import { isDigest } from "../../content/digest.ts";
import { notesKey } from "./notes-key.ts";
import type { FileFacts, UploadPlace } from "./upload.ts";

/** What a browser keeps of an upload that was begun, so that a later page can go on with it. */
export interface Note extends FileFacts, UploadPlace {
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
    return Array.isArray(stored) ? stored.map(withStore).filter(isNote).slice(-most.notes) : [];
  } catch {
    return [];
  }
}

/** Keep a note, in the place of an older one of the same upload. */
export function keepNote({ name, size, lastModified, store, namespace, digest, page }: Note): void {
  const note = { name: name.slice(0, most.characters), size, lastModified, store, namespace, digest, page };
  write([...others(note), note].slice(-most.notes));
}

/** Forget an upload. */
export function dropNote(upload: Pick<Note, "store" | "namespace" | "digest">): void {
  write(others(upload));
}

function others(upload: Pick<Note, "store" | "namespace" | "digest">): readonly Note[] {
  const { store, namespace, digest } = upload;
  return readNotes().filter((note) => note.store !== store || note.namespace !== namespace || note.digest !== digest);
}

function write(notes: readonly Note[]): void {
  try {
    if (notes.length === 0) localStorage.removeItem(notesKey);
    else localStorage.setItem(notesKey, JSON.stringify(notes));
  } catch {
    // A browser that stores nothing knows nothing after a reload.
  }
}

/** Notes from before there were several stores name none. */
function withStore(value: unknown): unknown {
  return typeof value === "object" && value !== null ? { store: "", ...value } : value;
}

function isNote(value: unknown): value is Note {
  if (typeof value !== "object" || value === null) return false;
  const { name, size, lastModified, store, namespace, digest, page } = value as Readonly<Record<string, unknown>>;
  const isText = (text: unknown) => typeof text === "string" && text.length <= most.characters;
  const isFacts = isText(name) && Number.isSafeInteger(size) && Number.isFinite(lastModified);
  return (
    isFacts && isText(store) && isText(namespace) && isText(page) && typeof digest === "string" && isDigest(digest)
  );
}
