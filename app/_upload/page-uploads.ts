import { goQuote } from "../../content/quote.ts";
import type { HeldRef } from "../../content/remote/held-ref.ts";
import { releaseWriter } from "../../content/remote/held-ref.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import type { Store as ContentStore } from "../../content/store.ts";
import { onReconnected, serverTransport } from "../_live/link.ts";
import { hashFile } from "./hash-file.ts";
import type { Note } from "./notes.ts";
import { dropNote, keepNote, readNotes } from "./notes.ts";
import { isRunning } from "./queue.ts";
import { uploadRef } from "./send-file.ts";
import { pageId, pagesThere, showPage } from "./tabs.ts";
import type { Upload, UploadPlace } from "./upload.ts";
import { createUploads } from "./uploads.ts";

/** Refs that the server holds for this page. */
const held = new Set<HeldRef>();

/** The uploads of this page. They go on while it shows other pages, and let go of their locks when it is left. */
export const uploads = createUploads({
  hash: hashFile,
  storeOf,
  onBegun: (upload) => upload.digest && keepNote({ ...upload, digest: upload.digest, page: pageId }),
  onEnded({ store, namespace, digest, expected }) {
    const begun = digest ?? expected;
    if (begun !== undefined) dropNote({ store, namespace, digest: begun });
  },
});

function storeOf({ store, namespace }: UploadPlace): ContentStore {
  const scope = { namespace, ...(store !== "" && { store }) };
  return createRemoteStore(serverTransport(store), { ...scope, writer: "unary", held });
}

window.addEventListener("beforeunload", (event) => {
  if (uploads.get().some(isRunning)) event.preventDefault();
});

/** What runs when the page is put away; a browser may bring it back as it was. */
let leftRunning: readonly Upload[] = [];

window.addEventListener("pagehide", () => {
  for (const ref of held) void releaseWriter(window.location.origin, ref);
  leftRunning = uploads.get().filter(isRunning);
  for (const { id } of leftRunning) uploads.pause(id);
});
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) for (const { id } of leftRunning) uploads.resume(id);
});
onReconnected(() => {
  for (const { id, stage } of uploads.get()) {
    if (stage.kind === "failed" && stage.failure.remedy === "server") uploads.resume(id);
  }
});

showPage();
void takeOver();

/** Takes over what pages began that are gone. */
async function takeOver(): Promise<void> {
  const there = await pagesThere();
  const notes = readNotes().filter(({ page }) => !there.has(page));
  for (const note of notes) keepNote({ ...note, page: pageId });
  for (const group of Map.groupBy(notes, ({ store, namespace }) => `${store} ${namespace}`).values()) {
    uploads.addUnfinished((await withOffsets(group)).map(unfinished));
  }
}

interface NotedOffset extends Note {
  readonly offset: number;
}

/** Where ingests of one place stand, by one call for all; those without one are forgotten. A server that does not answer tells nothing. */
async function withOffsets(notes: readonly Note[]): Promise<readonly NotedOffset[]> {
  const [place] = notes;
  if (place === undefined) return [];
  const offsets = new Map<string, number>();
  const filters = notes.map(({ digest }) => `ref==${goQuote(uploadRef(digest))}`);
  try {
    for await (const { ref, offset } of storeOf(place).listStatuses(filters)) offsets.set(ref, offset);
  } catch {
    return notes.map((note) => ({ ...note, offset: 0 }));
  }
  return notes.flatMap((note) => {
    const offset = offsets.get(uploadRef(note.digest));
    if (offset !== undefined) return [{ ...note, offset }];
    dropNote(note);
    return [];
  });
}

function unfinished({ name, size, lastModified, store, namespace, digest, offset }: NotedOffset): Upload {
  const facts = { name, size, lastModified, store, namespace };
  return { ...facts, id: 0, expected: digest, hashed: 0, offset, sent: 0, stage: { kind: "unfinished" } };
}
