import { describeCaller } from "../../content/caller.ts";
import type { Digest } from "../../content/digest.ts";
import { ContentError, isKind, throwIfCancelled } from "../../content/errors.ts";
import { compileFilters, statusAdaptor } from "../../content/filters.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import type { Scope, Store, Writer } from "../../content/store.ts";
import { findBlob, requireBlob } from "../metadata/blobs.ts";
import { counted } from "../metadata/counted-reader.ts";
import type { Transferred } from "../metadata/metadata.ts";
import { walkBlobs } from "../metadata/walk-blobs.ts";
import type { Asking } from "./asking.ts";
import { isUnanswered } from "./asking.ts";
import { lookAtBlob } from "./blob-look.ts";
import { checked } from "./checked-reader.ts";
import type { MirrorCore } from "./core.ts";
import type { PolledIngests } from "./ingest-look.ts";
import type { Looking } from "./looking.ts";
import type { Passing } from "./passing.ts";

/** What the content of a mirror is served with. */
export interface MirrorParts {
  readonly core: MirrorCore;
  readonly ingests: PolledIngests;
  readonly looking: Looking;
  readonly passing: Passing;
  readonly transferred: { -readonly [K in keyof Transferred]: Transferred[K] };
}

/** The content of one namespace of a mirror, for one caller: what is known from the rows, bytes and changes from the source. */
export function createMirrorStore(parts: MirrorParts, scope: Scope): Store {
  const { core, ingests, looking, passing, transferred } = parts;
  const { namespace } = scope;
  const connection = core.rows.database.main;
  const source = core.source.in(scope);

  return {
    async info(digest, signal) {
      const parsed = parseDigest(digest);
      await looking.ready(signal);
      const known = findBlob(connection, namespace, parsed);
      if (known !== undefined) return known;
      // It may have come since the last look.
      await passing.ask((ask) => lookAtBlob(core, namespace, parsed, ask), { signal }).catch(ignoreNoAnswer);
      return requireBlob(connection, namespace, parsed);
    },

    async update(info, fieldpaths = []) {
      parseDigest(info.digest);
      return await passing.change(
        (ask) => ask.one(() => source.update(info, fieldpaths)),
        (ask) => lookAtBlob(core, namespace, info.digest, ask),
      );
    },

    async *walk(filters, signal) {
      await looking.ready(signal);
      yield* walkBlobs(connection, namespace, filters, signal);
    },

    async delete(digest) {
      parseDigest(digest);
      await passing.change(
        (ask) => ask.one(() => source.delete(digest)),
        (ask) => lookAtBlob(core, namespace, digest, ask),
      );
    },

    async readerAt(descriptor, signal) {
      throwIfCancelled(signal);
      parseDigest(descriptor.digest);
      const reader = await passing.ask((ask) => ask.one((over) => source.readerAt(descriptor, either(over, signal))), {
        signal,
      });
      const asking = (...signals: readonly (AbortSignal | undefined)[]) => core.ask([signal, ...signals]);
      return counted(checked(reader, descriptor.digest, asking), transferred);
    },

    async writer(options, signal) {
      throwIfCancelled(signal);
      passing.refuseChanges();
      const open = () =>
        passing.ask((ask) => ask.one((over) => source.writer(options, either(over, signal))), { signal });
      const writer = await open();
      looking.hintIngests();
      return passedWriter(parts, scope, writer, options.descriptor?.digest);
    },

    async status(ref, signal) {
      try {
        return await passing.ask((ask) => ask.one((over) => source.status(ref, over)), { signal });
      } catch (error) {
        const known = isNoAnswer(error) ? ingests.find(namespace, ref) : undefined;
        if (known === undefined) throw error;
        return known.status;
      }
    },

    // They move all the time: what was seen last is told only where the source does not answer.
    async *listStatuses(filters = [], signal) {
      const passes = compileFilters(filters);
      const list = (ask: Asking) => Array.fromAsync(ask.each((over) => source.listStatuses([], over)));
      const told = await passing.ask(list, { signal }).catch(ignoreNoAnswer);
      const statuses =
        told?.flatMap((status) => core.accept.ingest(namespace, status) ?? []) ??
        ingests.rows([namespace]).map(({ status }) => status);
      for (const status of statuses) if (passes(statusAdaptor(status, namespace))) yield status;
    },

    async abort(ref) {
      passing.refuseChanges();
      // A look may see that it is gone before the answer is here.
      ingests.knowEnd(namespace, ref, { outcome: "aborted", by: describeCaller(scope.caller) });
      try {
        await passing.ask((ask) => ask.one(() => source.abort(ref)));
      } catch (error) {
        ingests.knowEnd(namespace, ref, undefined);
        throw error;
      }
      looking.hintIngests();
    },
  };
}

/** A writer of the source, of which is told what it did. */
function passedWriter(
  { core, ingests, looking, passing, transferred }: MirrorParts,
  scope: Scope,
  writer: Writer,
  declared: Digest | undefined,
): Writer {
  const { namespace } = scope;
  const by = describeCaller(scope.caller);
  const limit = { limitMs: core.timing.writeMs };
  const pass = <T>(question: () => Promise<T>): Promise<T> => passing.ask((ask) => ask.one(question), limit);

  async function close(): Promise<void> {
    await pass(() => writer.close());
    looking.hintIngests();
  }

  return {
    ref: writer.ref,
    async write(data) {
      await pass(() => writer.write(data));
      transferred.writtenBytes += data.length;
    },
    truncate: (size) => pass(() => writer.truncate(size)),
    digest: () => writer.digest(),
    status: () => pass(() => writer.status()),
    async commit(options) {
      const know = (outcome: "committed" | "existed", digest: Digest | undefined): void =>
        ingests.knowEnd(namespace, writer.ref, digest && { outcome, digest, by });
      const wanted = options?.expected ?? declared ?? writer.digest();
      know("committed", wanted);
      try {
        return await passing.change(
          (ask) => ask.one(() => writer.commit(options)),
          (ask, digest) => lookAtBlob(core, namespace, digest, ask),
          limit,
        );
      } catch (error) {
        know("existed", isKind(error, "already-exists") ? wanted : undefined);
        throw error;
      } finally {
        looking.hintIngests();
      }
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** True where the source said nothing, and so left it to what is known. */
function isNoAnswer(error: unknown): boolean {
  return error instanceof ContentError && isUnanswered(error.cause);
}

/** What is not answered is answered with what is known. */
function ignoreNoAnswer(error: unknown): undefined {
  if (!isNoAnswer(error)) throw error;
}

/** The caller may also end what is done later with what was opened. */
function either(over: AbortSignal, signal: AbortSignal | undefined): AbortSignal {
  return signal === undefined ? over : AbortSignal.any([over, signal]);
}
