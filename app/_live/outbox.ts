import { blobKey, ingestKey } from "./keys.ts";
import type { LiveEvent, ToldEvent } from "./live-event.ts";

/** How an outbox keeps its tab from being flooded, and its own memory from filling up. */
export interface OutboxLimits {
  /** Least milliseconds between an event and the message that takes it along. */
  readonly frameMs: number;
  /** So many events wait for a tab at most; one that is further behind is told the whole set again. */
  readonly events: number;
  /** A tab that does not take a message for so many milliseconds is given up. */
  readonly patienceMs: number;
}

/** What one tab is still to be told of one set: of each key the last only. A message goes out once the one before is taken. */
export interface Outbox {
  add(event: LiveEvent): void;
  /** The whole set, for a tab that joins. */
  addAll(): void;
  /** The last message was taken. */
  taken(): void;
  /** Rows wait until it is said otherwise; how many is told now and then, and what befalls the connection at once. */
  hold(isHeld: boolean): void;
  close(): void;
}

/** Where the messages of an outbox go. */
export interface OutboxEnds {
  readonly post: (events: readonly ToldEvent[]) => void;
  /** The whole set, from its begin to now. */
  readonly all: () => readonly LiveEvent[];
  /** The tab took nothing for too long. The outbox is closed. */
  readonly giveUp: () => void;
}

/** An outbox with nothing in it. */
export function createOutbox({ post, all, giveUp }: OutboxEnds, limits: OutboxLimits): Outbox {
  const waiting = createWaiting(limits.events);
  let frame: ReturnType<typeof setTimeout> | undefined;
  let patience: ReturnType<typeof setTimeout> | undefined;
  let isHeld = false;

  function flush(): void {
    frame = undefined;
    const events = isHeld ? waiting.peek() : waiting.take(all);
    if (events.length === 0) return;
    patience = setTimeout(() => {
      close();
      giveUp();
    }, limits.patienceMs);
    post(events);
  }

  function schedule(delayMs: number): void {
    if (patience === undefined) frame ??= setTimeout(flush, delayMs);
  }

  function close(): void {
    clearTimeout(frame);
    clearTimeout(patience);
    patience = undefined;
  }

  return {
    add(event) {
      waiting.add(event);
      schedule(isHeld && event.kind !== "connection" ? heldMs : limits.frameMs);
    },
    addAll() {
      waiting.addAll();
      schedule(0);
    },
    taken() {
      clearTimeout(patience);
      patience = undefined;
      if (!waiting.isEmpty()) schedule(isHeld ? heldMs : limits.frameMs);
    },
    hold(next) {
      if (next === isHeld) return;
      isHeld = next;
      clearTimeout(frame);
      frame = undefined;
      if (!waiting.isEmpty()) schedule(isHeld ? heldMs : 0);
    },
    close,
  };
}

/** A tab that holds still is told so often at most how much waits, in milliseconds. */
const heldMs = 1_000;

/** Events that wait, the last of each key. */
interface Waiting {
  add(event: LiveEvent): void;
  addAll(): void;
  isEmpty(): boolean;
  /** Of what waits the connection's events, which wait no longer, and how many rows there are that were not counted yet. */
  peek(): readonly ToldEvent[];
  /** All that waits, in order. */
  take(all: () => readonly LiveEvent[]): readonly LiveEvent[];
}

function createWaiting(limit: number): Waiting {
  let last = new Map<string, LiveEvent>();
  let ends = 0;
  /** The whole set is to be told, which stands for every event but ends. */
  let isWhole = false;
  /** Rows that the tab knows to wait. */
  let counted = 0;
  let heardAt = new Date();

  function put(key: string, event: LiveEvent): void {
    last.delete(key);
    last.set(key, event);
  }

  /** What the set tells anew need not be told before. */
  function keep(...kinds: readonly LiveEvent["kind"][]): void {
    const kept = [...last].filter(([, { kind }]) => kinds.includes(kind));
    last = new Map(kept.slice(-limit));
  }

  return {
    add(event) {
      if (event.kind !== "connection") heardAt = new Date();
      if (isWhole && event.kind !== "ended") return;
      if (event.kind === "begin") keep("ended", "connection");
      if (event.kind === "ended") put(`ended ${(ends += 1)}`, event);
      else for (const [key, each] of byKey(event)) put(key, each);
      if (last.size <= limit) return;
      isWhole = true;
      keep("ended");
    },
    addAll() {
      isWhole = true;
      keep("ended");
    },
    isEmpty: () => !isWhole && last.size === 0,
    peek() {
      const connection = last.get("connection");
      last.delete("connection");
      const rows = [...last.keys()].filter((key) => key !== "begin" && key !== "bookmark").length;
      const changes = Math.max(0, rows - counted);
      counted = Math.max(counted, rows);
      return [...(connection ? [connection] : []), { kind: "held", changes, heardAt }];
    },
    take(all) {
      counted = 0;
      const events = [...last.values(), ...(isWhole ? all() : [])];
      last = new Map();
      isWhole = false;
      return joined(events);
    },
  };
}

/** An event as one of each row; what is not of a row has its kind for a key. */
function byKey(event: LiveEvent): readonly (readonly [string, LiveEvent])[] {
  switch (event.kind) {
    case "blobs":
      return event.blobs.map((blob) => [`row ${blobKey(blob)}`, { kind: "blobs", blobs: [blob] }]);
    case "removed":
      return [[`row ${event.namespace} ${event.digest}`, event]];
    case "ingests":
      return event.ingests.map((ingest) => [
        `row ${ingestKey(ingest.namespace, ingest.status.ref)}`,
        { kind: "ingests", ingests: [ingest] },
      ]);
    case "items":
      return event.items.map((item) => [`row ${item.key}`, { kind: "items", items: [item] }]);
    case "gone":
      return [[`row ${event.key}`, event]];
    case "left":
      return [[`row ${ingestKey(event.namespace, event.ref)}`, event]];
    default:
      return [[event.kind, event]];
  }
}

/** The same events, rows that follow each other in one. */
function joined(events: readonly LiveEvent[]): readonly LiveEvent[] {
  const out: LiveEvent[] = [];
  let blobs: BlobRows = [];
  let ingests: IngestRows = [];
  let items: CatalogRows = [];
  for (const event of events) {
    const before = out.at(-1);
    if (event.kind === "blobs" && before?.kind === "blobs") blobs.push(...event.blobs);
    else if (event.kind === "ingests" && before?.kind === "ingests") ingests.push(...event.ingests);
    else if (event.kind === "items" && before?.kind === "items") items.push(...event.items);
    else if (event.kind === "items") out.push({ kind: "items", items: (items = [...event.items]) });
    else if (event.kind === "blobs") out.push({ kind: "blobs", blobs: (blobs = [...event.blobs]) });
    else if (event.kind === "ingests") out.push({ kind: "ingests", ingests: (ingests = [...event.ingests]) });
    else out.push(event);
  }
  return out;
}

type BlobRows = (LiveEvent & { readonly kind: "blobs" })["blobs"][number][];
type IngestRows = (LiveEvent & { readonly kind: "ingests" })["ingests"][number][];
type CatalogRows = (LiveEvent & { readonly kind: "items" })["items"][number][];
