import { describeCaller } from "../../content/caller.ts";
import { ContentError, isKind, throwIfCancelled } from "../../content/errors.ts";
import { compileFilters, statusAdaptor } from "../../content/filters.ts";
import { applyLabels, blobLabels } from "../../content/labels.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import type { ReaderAt, Scope, Store } from "../../content/store.ts";
import { now } from "../clock.ts";
import { removeBlob, requireBlob, requireHeld, updateBlob } from "./blobs.ts";
import type { Core } from "./core.ts";
import { counted } from "./counted-reader.ts";
import { dropIngest } from "./drop-ingest.ts";
import type { StoredIngest } from "./ingest-rows.ts";
import { findIngest } from "./ingest-rows.ts";
import { describeIngest } from "./ingest-status.ts";
import { walkIngests } from "./ingests.ts";
import { leaveLease } from "./lease-rows.ts";
import { removeBytes } from "./leaving.ts";
import { openIngest } from "./open-ingest.ts";
import { walkBlobs } from "./walk-blobs.ts";

/** The Store of one namespace, for one caller (containerd's metadata/content.go). */
export function createScopedStore(core: Core, scope: Scope): Store {
  const { connection, transactions, below } = core;
  const { namespace } = scope;

  function requireIngest(ref: string): StoredIngest {
    const row = findIngest(connection, namespace, ref);
    if (row === undefined) throw new ContentError("not-found", `reference ${ref}`);
    return row;
  }

  return {
    async info(digest, signal) {
      throwIfCancelled(signal);
      return requireBlob(connection, namespace, parseDigest(digest));
    },

    async update({ digest, labels }, fieldpaths = []) {
      parseDigest(digest);
      return await transactions.durable((tables, note) => {
        const before = requireBlob(tables, namespace, digest);
        const after = {
          ...before,
          labels: applyLabels(before.labels, labels, fieldpaths, blobLabels(digest)),
          updatedAt: now(),
        };
        updateBlob(tables, note, namespace, before, after);
        return after;
      });
    },

    walk: (filters, signal) => walkBlobs(connection, namespace, filters, signal),

    async delete(digest) {
      using _held = await core.digests.hold(parseDigest(digest));
      const alone = await transactions.durable((tables, note) => {
        const info = requireBlob(tables, namespace, digest);
        leaveLease(tables, note, scope, { type: "content", id: digest });
        return removeBlob(tables, note, { namespace, info });
      });
      if (alone) await removeBytes(core, digest);
    },

    async readerAt(descriptor, signal) {
      throwIfCancelled(signal);
      requireHeld(connection, namespace, parseDigest(descriptor.digest));
      return counted(await readerBelow(below, descriptor, signal), core.transferred);
    },

    async writer(options, signal) {
      throwIfCancelled(signal);
      return await openIngest(core, scope, options, signal);
    },

    async status(ref, signal) {
      throwIfCancelled(signal);
      return (await describeIngest(core, requireIngest(ref))).status;
    },

    async *listStatuses(filters = [], signal) {
      const passes = compileFilters(filters);
      for await (const { status } of walkIngests(core, [namespace])) {
        throwIfCancelled(signal);
        if (passes(statusAdaptor(status, namespace))) yield status;
      }
    },

    async abort(ref) {
      const by = describeCaller(scope.caller);
      if (!(await dropIngest(core, requireIngest(ref), { outcome: "aborted", by }))) requireIngest(ref);
    },
  };
}

async function readerBelow(below: Store, ...wanted: Parameters<Store["readerAt"]>): Promise<ReaderAt> {
  try {
    return await below.readerAt(...wanted);
  } catch (cause) {
    if (!isKind(cause, "not-found")) throw cause;
    throw new ContentError("data-loss", `content ${wanted[0].digest}: the bytes are missing`, { cause });
  }
}
