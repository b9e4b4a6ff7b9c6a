import type { Store as ContentStore } from "../../content/store.ts";
import { createPaced } from "../_live/paced.ts";
import type { Store } from "../_live/store.ts";
import { createStore } from "../_live/store.ts";
import { dropIngest } from "./drop-ingest.ts";
import type { FileHash } from "./hash-file.ts";
import type { Queue } from "./queue.ts";
import {
  addPicked,
  canResume,
  changed,
  isRunning,
  newId,
  noteHashed,
  noteOffset,
  replaced,
  startable,
} from "./queue.ts";
import type { HashPlace } from "./steps.ts";
import { failStep, hashStep, sendStep } from "./steps.ts";
import type { Upload, UploadPlace } from "./upload.ts";

/** The uploads of a page, and what a person can do with each. It goes on whatever the page shows. */
export interface Uploads extends Store<Queue> {
  /** Files that were picked, and the place that they go to. One that an earlier page began goes on where that one stopped. */
  add(files: readonly File[], place: UploadPlace): void;
  /** The file of an upload that lacks it. */
  pickFor(id: number, file: File): void;
  /** Uploads that an earlier page began; their ids are made anew. */
  addUnfinished(uploads: readonly Upload[]): void;
  /** Hold back what runs; a lock that it has is let go of. */
  pause(id: number): void;
  /** Go on with what is paused, or try again what failed. */
  resume(id: number): void;
  /** Drop an upload and what the server has of it, but nothing under another writer. @throws what the server refuses */
  cancel(id: number): Promise<void>;
  /** Forget those that are done. */
  clearDone(): void;
}

export interface UploadsOptions {
  readonly hash: (file: File, onHashed: (bytes: number) => void) => FileHash;
  /** The content of a namespace of a store. */
  readonly storeOf: (place: UploadPlace) => Pick<ContentStore, "writer" | "abort">;
  /** Told of an upload that another page could go on with. */
  readonly onBegun: (upload: Upload) => void;
  /** Told of one that nobody has to go on with any more. */
  readonly onEnded: (upload: Upload) => void;
}

/** What a page holds for an upload. */
interface Job extends HashPlace {
  file?: File;
  /** An ingest of it may be there. */
  isBegun?: boolean;
  /** What is under way; settled once nothing of it is left, no lock either. */
  run?: { readonly end: AbortController; readonly ended: Promise<void> };
}

type Step = (upload: Upload, signal: AbortSignal) => Promise<Partial<Upload>>;

/** What moves is shown so often, in milliseconds; what becomes another thing is shown at once. */
const shownMs = 250;

/** No uploads yet. */
export function createUploads({ hash, storeOf, onBegun, onEnded }: UploadsOptions): Uploads {
  const shown = createStore<Queue>([]);
  const paced = createPaced(() => shown.set(queue));
  const jobs = new Map<number, Job>();
  let queue: Queue = [];

  const find = (id: number) => queue.find((upload) => upload.id === id);

  function jobOf(id: number): Job {
    const job = jobs.get(id) ?? {};
    jobs.set(id, job);
    return job;
  }

  /** Takes over what became of the uploads, and begins what there is a place for now. */
  function settle(next: Queue): void {
    queue = next;
    const { hash: unhashed, send } = startable(queue);
    for (const upload of unhashed) start(upload, "hashing", hashIt);
    for (const upload of send) start(upload, "sending", sendIt);
    shown.set(queue);
  }

  function move(next: Queue): void {
    queue = next;
    paced.want(shownMs);
  }

  function start(upload: Upload, kind: "hashing" | "sending", step: Step): void {
    const { id } = upload;
    const end = new AbortController();
    const before = jobOf(id).run?.ended;
    queue = changed(queue, id, { stage: { kind, samples: [] } });
    jobOf(id).run = { end, ended: run() };

    async function run(): Promise<void> {
      // What was stopped may still hold the ref.
      await before;
      if (end.signal.aborted) return;
      let after: Partial<Upload>;
      try {
        after = await step(upload, end.signal);
      } catch (error) {
        if (end.signal.aborted) return;
        after = await failStep(storeOf(upload), upload, error);
      }
      if (end.signal.aborted) return;
      if (after.stage?.kind === "done" || (upload.digest !== undefined && after.offset === 0)) onEnded(upload);
      settle(changed(queue, id, after));
    }
  }

  const hashIt: Step = (upload, signal) => {
    const { id } = upload;
    const begin = () => hash(fileOf(jobOf(id)), (bytes) => move(noteHashed(queue, id, bytes, Date.now())));
    return hashStep(upload, jobOf(id), begin, signal);
  };

  const sendIt: Step = (upload, signal) => {
    const { id, digest } = upload;
    if (digest === undefined) throw new Error("an upload is sent before it is hashed");
    jobOf(id).isBegun = true;
    onBegun(upload);
    return sendStep(storeOf(upload), fileOf(jobOf(id)), digest, {
      signal,
      onOffset: (offset) => signal.aborted || move(noteOffset(queue, id, offset, Date.now())),
      onLocked: (stage) => settle(changed(queue, id, { stage })),
    });
  };

  /** Drops an upload's ingest, as far as it is this page's to drop. */
  async function drop(upload: Upload): Promise<void> {
    const { id, digest, expected, stage } = upload;
    const { hash: going, run, isBegun } = jobOf(id);
    going?.end();
    await run?.ended;
    const begun = digest ?? expected;
    if (begun === undefined || stage.kind === "done" || !(isBegun || expected !== undefined)) return;
    await dropIngest(storeOf(upload), begun);
  }

  function pause(id: number): void {
    const upload = find(id);
    if (upload === undefined || !isRunning(upload)) return;
    jobOf(id).run?.end.abort();
    settle(changed(queue, id, { stage: { kind: "paused" } }));
  }

  return {
    get: shown.get,
    subscribe: shown.subscribe,
    add(files, { store, namespace }) {
      const picked = files.map(({ name, size, lastModified }) => ({ name, size, lastModified, store, namespace }));
      const added = addPicked(queue, picked);
      for (const [index, id] of added.ids.entries()) {
        const file = files[index];
        if (id !== undefined && file !== undefined) jobs.set(id, { file });
      }
      settle(added.queue);
    },
    pickFor(id, file) {
      const upload = find(id);
      if (upload === undefined) return;
      if (upload.stage.kind === "unfinished" && file.size !== upload.size) {
        const fault = "That file is of another size";
        return settle(changed(queue, id, { stage: { kind: "unfinished", fault } }));
      }
      if (upload.stage.kind === "unfinished") {
        jobs.set(id, { file });
        return settle(changed(queue, id, { stage: { kind: "queued" } }));
      }
      // What was begun of a file that changed is of no use to anybody.
      void drop(upload).catch(() => undefined);
      onEnded(upload);
      jobs.set(id, { file });
      settle(replaced(queue, id, file));
    },
    addUnfinished(uploads) {
      const first = newId(queue);
      settle([...queue, ...uploads.map((upload, index) => ({ ...upload, id: first + index }))]);
    },
    pause,
    resume(id) {
      const upload = find(id);
      if (upload === undefined || !canResume(upload)) return;
      settle(changed(queue, id, { stage: { kind: "queued" } }));
    },
    async cancel(id) {
      pause(id);
      const upload = find(id);
      if (upload === undefined) return;
      await drop(upload);
      jobs.delete(id);
      onEnded(upload);
      settle(queue.filter((each) => each.id !== id));
    },
    clearDone() {
      settle(queue.filter(({ stage }) => stage.kind !== "done"));
    },
  };
}

function fileOf({ file }: Job): File {
  if (file === undefined) throw new Error("an upload is begun without its file");
  return file;
}
