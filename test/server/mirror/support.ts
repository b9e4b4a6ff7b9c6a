import { join } from "node:path";
import { pino } from "pino";
import { onTestFinished } from "vitest";
import type { Store } from "../../../content/store.ts";
import type { Change } from "../../../server/feed/change.ts";
import type { Metadata } from "../../../server/metadata/metadata.ts";
import type { Mirror } from "../../../server/mirror/mirror.ts";
import { openMirror } from "../../../server/mirror/mirror.ts";
import type { MirrorSource } from "../../../server/mirror/source.ts";
import type { MirrorTiming } from "../../../server/mirror/timing.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

/** What a source of a test does besides. */
export interface Behaviour {
  /** What was asked of it, by the names of its methods. */
  readonly calls: Map<string, number>;
  /** While it is set, whatever is asked fails with it. */
  failure?: Error | undefined;
  /** While it is true, nothing that is asked is ever answered. */
  hangs: boolean;
  /** Something may have changed. */
  hint(): void;
}

/** A store elsewhere: a whole Metadata of this server's own, asked as a daemon is. */
export function sourceOver(metadata: Metadata, target = "test:"): MirrorSource & { readonly behaviour: Behaviour } {
  const waiting = new Set<() => void>();
  const behaviour: Behaviour = {
    calls: new Map(),
    hangs: false,
    hint() {
      for (const resolve of waiting) resolve();
    },
  };

  async function asked(name: string): Promise<void> {
    behaviour.calls.set(name, (behaviour.calls.get(name) ?? 0) + 1);
    if (behaviour.hangs) await new Promise<never>(() => undefined);
    if (behaviour.failure !== undefined) throw behaviour.failure;
  }

  async function* each<T>(name: string, list: () => AsyncIterable<T> | Promise<readonly T[]>): AsyncGenerator<T> {
    await asked(name);
    yield* await list();
  }

  function storeOf(store: Store): Store {
    return {
      ...store,
      walk: (filters, signal) => each("walk", () => store.walk(filters, signal)),
      listStatuses: (filters, signal) => each("listStatuses", () => store.listStatuses(filters, signal)),
      async info(digest, signal) {
        await asked("info");
        return await store.info(digest, signal);
      },
      async readerAt(descriptor, signal) {
        await asked("readerAt");
        return await store.readerAt(descriptor, signal);
      },
    };
  }

  return {
    behaviour,
    target,
    collects: true,
    async ping() {
      await asked("ping");
      return "1.2.3";
    },
    async namespaces() {
      await asked("namespaces");
      return await metadata.namespaces.list();
    },
    namespaceChanges: {
      create: (name, labels) => metadata.namespaces.create(name, labels),
      async update(name, labels, fieldpaths) {
        await metadata.namespaces.update(name, labels, fieldpaths);
      },
      delete: (name) => metadata.namespaces.delete(name),
    },
    in: (scope) => storeOf(metadata.in(scope)),
    images: {
      list: (namespace) => each("images", () => metadata.images.list(namespace)),
      changes: {
        create: (scope, draft) => metadata.images.create(scope, draft),
        update: (scope, draft, fieldpaths) => metadata.images.update(scope, draft, fieldpaths),
        delete: (scope, name) => metadata.images.delete(scope, name),
      },
    },
    leases: {
      list: (namespace) => each("leases", () => metadata.leases.list(namespace)),
      resources: (namespace, id) => each("resources", () => metadata.leases.resources(namespace, id)),
      changes: {
        create: (namespace, id, labels) => metadata.leases.create(namespace, id, labels),
        delete: (namespace, id) => metadata.leases.delete(namespace, id),
        addResource: (namespace, id, resource) => metadata.leases.addResource(namespace, id, resource),
        deleteResource: (namespace, id, resource) => metadata.leases.deleteResource(namespace, id, resource),
      },
    },
    async *hints(signal) {
      while (!signal.aborted) {
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.add(resolve);
        signal.addEventListener("abort", () => resolve());
        await promise;
        waiting.delete(resolve);
        if (!signal.aborted) yield;
      }
    },
    async [Symbol.asyncDispose]() {
      behaviour.calls.set("dispose", 1);
    },
  };
}

/** Looks that are as quick as they may be, whatever they cost. A source that answers has all the time that a busy machine takes. */
export const quick: Partial<MirrorTiming> = {
  ingestsMs: 20,
  leastMs: 20,
  mostMs: 60_000,
  restPerCost: 0,
  hintMs: 5,
  share: 1,
  idleMs: 300,
  freshMs: 60_000,
  firstMs: 60_000,
  answerMs: 60_000,
  retryMs: 20,
  longestRetryMs: 100,
};

export interface TestMirrorOptions {
  readonly source: MirrorSource;
  readonly root?: string;
  readonly allowChanges?: boolean;
  readonly timing?: Partial<MirrorTiming>;
  /** Lines of its log go there; absent: nowhere. */
  readonly lines?: string[];
}

/** A mirror for one test. */
export async function openTestMirror(options: TestMirrorOptions) {
  const { source, allowChanges = false, timing = quick, lines } = options;
  const root = options.root ?? join(await makeTempDir(), "mirror");
  const logger = pino({ level: lines ? "debug" : "silent" }, { write: (line) => lines?.push(line) });
  const stopping = new AbortController();
  const mirror = await openMirror({
    name: "there",
    root,
    source,
    allowChanges,
    logger,
    stopping: stopping.signal,
    timing,
  });
  let open = true;
  const close = async (): Promise<void> => {
    if (open) await mirror[Symbol.asyncDispose]();
    open = false;
  };
  onTestFinished(close);
  return { mirror, root, close, stop: () => stopping.abort() };
}

/** Follow a mirror, which makes it look again and again. @returns what it told so far */
export function follow(mirror: Mirror): { readonly changes: readonly Change[]; readonly stop: () => void } {
  const changes: Change[] = [];
  const stop = mirror.feed.listen((change) => changes.push(change));
  onTestFinished(stop);
  return { changes, stop };
}
