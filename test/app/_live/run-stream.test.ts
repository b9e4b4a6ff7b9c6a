import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { streamsStore } from "../../../app/_live/connection.ts";
import { runStream } from "../../../app/_live/run-stream.ts";
import { ContentError } from "../../../content/errors.ts";
import type { BlobEvent } from "../../../content/remote/events.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { blobOf, bookmark } from "./rows.ts";

/** As much of a browser's page as a stream looks at. */
class Page extends EventTarget {
  visibilityState: "visible" | "hidden" = "visible";

  show(state: "visible" | "hidden"): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event("visibilitychange"));
  }
}

let page: Page;
let frames: (() => void)[];

beforeEach(() => {
  page = new Page();
  frames = [];
  vi.stubGlobal("document", page);
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => frames.push(frame));
  vi.stubGlobal("cancelAnimationFrame", (frame: number) => frames.splice(frame - 1, 1, () => undefined));
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A server of events, opened as often as the stream wants; `send` reaches the last opening. */
function createServer() {
  const opened: { readonly signal: AbortSignal; readonly queue: BlobEvent[]; wake: () => void }[] = [];
  async function* open(signal: AbortSignal): AsyncGenerator<BlobEvent> {
    const own = { signal, queue: [] as BlobEvent[], wake: (): void => undefined };
    opened.push(own);
    signal.addEventListener("abort", () => own.wake());
    while (!signal.aborted) {
      const event = own.queue.shift();
      if (event !== undefined) yield event;
      else await new Promise<void>((resolve) => (own.wake = resolve));
    }
  }
  return {
    open,
    opened,
    send(...events: readonly BlobEvent[]): void {
      const own = opened.at(-1);
      own?.queue.push(...events);
      own?.wake();
    },
  };
}

function createSink() {
  const batches: (readonly { readonly kind: string }[])[] = [];
  const errors: ContentError[] = [];
  const sink = {
    apply: (events: (typeof batches)[number]) => void batches.push(events),
    fail: (error: ContentError) => void errors.push(error),
    held: () => undefined,
  };
  return { sink, batches, errors };
}

const live: BlobEvent = { kind: "connection", state: "live", attempt: 0 };
const rows = (hex: string): BlobEvent => ({ kind: "blobs", blobs: [blobOf(hex)] });

async function nextFrame(): Promise<void> {
  await waitUntil(() => frames.length > 0);
  for (const frame of frames.splice(0)) frame();
}

test("all events of a frame are handed over at once, and those of the connection are told apart", async () => {
  const { open, send } = createServer();
  const { sink, batches } = createSink();
  const stop = runStream("Blobs", open, sink);
  send(live, { kind: "begin", source: "stream", heartbeatMs: 10_000 }, rows("a"), rows("b"), bookmark(2));
  await waitUntil(() => streamsStore.get()[0]?.heardAt !== undefined);
  await nextFrame();
  expect(batches.map((batch) => batch.map(({ kind }) => kind))).toEqual([["begin", "blobs", "blobs", "bookmark"]]);
  expect(streamsStore.get()).toMatchObject([{ name: "Blobs", state: "live", source: "stream", heartbeatMs: 10_000 }]);
  stop();
  expect(streamsStore.get()).toEqual([]);
});

test("what was on its way when the stream ended is not handed over", async () => {
  const { open, send, opened } = createServer();
  const { sink, batches } = createSink();
  const stop = runStream("Blobs", open, sink);
  send(rows("a"));
  await waitUntil(() => frames.length > 0);
  stop();
  for (const frame of frames) frame();
  expect(batches).toEqual([]);
  expect(opened[0]?.signal.aborted).toBe(true);
});

test("a page out of sight lets go of its stream after two seconds, and opens it again once it is in sight", async () => {
  vi.useFakeTimers();
  const { open, opened } = createServer();
  const stop = runStream("Blobs", open, createSink().sink);
  page.show("hidden");
  vi.advanceTimersByTime(1999);
  expect(opened[0]?.signal.aborted).toBe(false);
  vi.advanceTimersByTime(1);
  expect(opened[0]?.signal.aborted).toBe(true);
  page.show("visible");
  expect(opened).toHaveLength(2);
  expect(opened[1]?.signal.aborted).toBe(false);
  stop();
});

test("a page that comes back soon keeps its stream", () => {
  vi.useFakeTimers();
  const { open, opened } = createServer();
  const stop = runStream("Blobs", open, createSink().sink);
  page.show("hidden");
  vi.advanceTimersByTime(1000);
  page.show("visible");
  vi.advanceTimersByTime(60_000);
  expect(opened).toHaveLength(1);
  expect(opened[0]?.signal.aborted).toBe(false);
  stop();
});

test("a page that is opened out of sight takes no connection before somebody looks at it", () => {
  page.visibilityState = "hidden";
  const { open, opened } = createServer();
  const stop = runStream("Blobs", open, createSink().sink);
  expect(opened).toEqual([]);
  page.show("visible");
  expect(opened).toHaveLength(1);
  stop();
});

test("a refusal is told once, and the stream is no longer counted as one", async () => {
  const { sink, errors } = createSink();
  const refuse = async function* (): AsyncGenerator<BlobEvent> {
    yield { kind: "connection", state: "connecting", attempt: 1 };
    throw new ContentError("invalid-argument", "bad filter");
  };
  runStream("Blobs", refuse, sink);
  await waitUntil(() => errors.length > 0);
  expect(errors).toMatchObject([{ kind: "invalid-argument", message: "bad filter" }]);
  expect(streamsStore.get()).toEqual([]);
});
