import { addSample, rateOf } from "../../content/eta.ts";
import type { FileFacts, Upload, UploadPlace } from "./upload.ts";

/** Uploads of a page, in the order in which they were added. */
export type Queue = readonly Upload[];

/** How many are worked on at once: a hash takes a processor, and a browser has six connections to a server. */
export const atOnce = { hashing: 1, sending: 2 } as const;

/** A file that was picked, and where it is to go. */
export interface Picked extends FileFacts, UploadPlace {}

/** A queue with the files that were picked, and which of its uploads each of them is for. */
export interface Added {
  readonly queue: Queue;
  /** Ids; absent for a file that is being uploaded already. */
  readonly ids: readonly (number | undefined)[];
}

/** The queue with more files. One that waited to be picked again goes on; one that is under way is left alone. */
export function addPicked(queue: Queue, picked: readonly Picked[]): Added {
  let next = queue;
  const ids = picked.map((file) => {
    const same = next.find(
      (upload) => isSameFile(upload, file) && isSamePlace(upload, file) && upload.stage.kind !== "done",
    );
    if (same !== undefined && !needsFile(same)) return undefined;
    const id = same?.id ?? newId(next);
    next = same === undefined ? [...next, newUpload(id, file)] : changed(next, id, begun);
    return id;
  });
  return { queue: next, ids };
}

/** What an upload is before anything was read of its file. */
const begun = { digest: undefined, hashed: 0, offset: 0, stage: { kind: "queued" } } as const satisfies Partial<Upload>;

/** The queue with another file in the place of one that changed; what was begun of that one is not gone on with. */
export function replaced(queue: Queue, id: number, { name, size, lastModified }: FileFacts): Queue {
  return changed(queue, id, { ...begun, expected: undefined, name, size, lastModified });
}

/** The upload that an earlier page began of a file in a store, in whatever namespace; absent: none did. */
export function beginnerOf(queue: Queue, file: FileFacts, store: string): Upload | undefined {
  return queue.find(
    (upload) => upload.stage.kind === "unfinished" && upload.store === store && isSameFile(upload, file),
  );
}

function isSamePlace(a: UploadPlace, b: UploadPlace): boolean {
  return a.store === b.store && a.namespace === b.namespace;
}

function isSameFile(upload: Upload, { name, size, lastModified }: FileFacts): boolean {
  return upload.name === name && upload.size === size && upload.lastModified === lastModified;
}

/** An id that no upload of the queue has. */
export function newId(queue: Queue): number {
  return Math.max(0, ...queue.map(({ id }) => id)) + 1;
}

function newUpload(id: number, { name, size, lastModified, store, namespace }: Picked): Upload {
  return { ...begun, id, name, size, lastModified, store, namespace, sent: 0 };
}

/** The queue with one upload changed; the others stay the same objects. */
export function changed(queue: Queue, id: number, changes: Partial<Upload>): Queue {
  return queue.map((upload) => (upload.id === id ? { ...upload, ...changes } : upload));
}

/** Which uploads begin to be hashed, and to be sent, now: the first ones, as many as there are places. */
export function startable(queue: Queue): { readonly hash: readonly Upload[]; readonly send: readonly Upload[] } {
  const free = (kind: "hashing" | "sending") =>
    Math.max(0, atOnce[kind] - queue.filter(({ stage }) => stage.kind === kind).length);
  const queued = queue.filter(({ stage }) => stage.kind === "queued");
  return {
    hash: queued.filter((upload) => !isHashed(upload)).slice(0, free("hashing")),
    send: queued.filter(isHashed).slice(0, free("sending")),
  };
}

function isHashed({ digest }: Upload): boolean {
  return digest !== undefined;
}

/** So many bytes of a file are hashed. @param atMs milliseconds since 1970 */
export function noteHashed(queue: Queue, id: number, hashed: number, atMs: number): Queue {
  const upload = queue.find((each) => each.id === id);
  if (upload?.stage.kind !== "hashing") return queue;
  const samples = addSample(upload.stage.samples, { atMs, offset: hashed });
  return changed(queue, id, { hashed, stage: { kind: "hashing", samples } });
}

/**
 * The ingest is at an offset. The first time says where it is gone on with; what is beyond that was sent.
 *
 * @param atMs milliseconds since 1970
 */
export function noteOffset(queue: Queue, id: number, offset: number, atMs: number): Queue {
  const upload = queue.find((each) => each.id === id);
  if (upload === undefined || (upload.stage.kind !== "sending" && upload.stage.kind !== "locked")) return queue;
  const before = upload.stage.kind === "sending" ? upload.stage.samples : [];
  const sent = upload.sent + (before.length === 0 ? 0 : Math.max(0, offset - upload.offset));
  return changed(queue, id, {
    offset,
    sent,
    stage: { kind: "sending", samples: addSample(before, { atMs, offset }) },
  });
}

/** True while the page works on it, or will by itself. */
export function isRunning({ stage: { kind } }: Upload): boolean {
  return kind === "queued" || kind === "hashing" || kind === "sending" || kind === "locked";
}

/** True where only the file is missing. */
export function needsFile({ stage }: Upload): boolean {
  return stage.kind === "unfinished" || (stage.kind === "failed" && stage.failure.remedy === "pick");
}

/** True where the page can go on once a person says so. */
export function canResume({ stage }: Upload): boolean {
  return stage.kind === "paused" || (stage.kind === "failed" && stage.failure.remedy !== "pick");
}

/** What all uploads come to. */
export interface Sum {
  readonly count: number;
  readonly done: number;
  readonly failed: number;
  readonly running: number;
  readonly resumable: number;
  /** Bytes of the files, and those of them that are stored. */
  readonly bytes: number;
  readonly storedBytes: number;
  /** Bytes a second; absent: nothing is sent, or not for long enough. */
  readonly rate?: number;
  /** Milliseconds until all that runs is sent; absent: not known. */
  readonly etaMs?: number;
}

/** What all uploads come to; those whose file is missing count as well. */
export function sumUp(queue: Queue): Sum {
  const countOf = (is: (upload: Upload) => boolean) => queue.filter(is).length;
  const isDone = ({ stage }: Upload) => stage.kind === "done";
  const rate = queue.reduce((sum, { stage }) => sum + (stage.kind === "sending" ? (rateOf(stage.samples) ?? 0) : 0), 0);
  const left = queue.filter(isRunning).reduce((sum, { size, offset }) => sum + size - offset, 0);
  return {
    count: queue.length,
    done: countOf(isDone),
    failed: countOf(({ stage }) => stage.kind === "failed"),
    running: countOf(isRunning),
    resumable: countOf(canResume),
    bytes: queue.reduce((sum, { size }) => sum + size, 0),
    storedBytes: queue.reduce((sum, upload) => sum + (isDone(upload) ? upload.size : upload.offset), 0),
    ...(rate > 0 && { rate, etaMs: (left / rate) * 1000 }),
  };
}
