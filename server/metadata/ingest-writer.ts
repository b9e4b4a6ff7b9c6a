import type { Digest } from "../../content/digest.ts";
import { ContentError } from "../../content/errors.ts";
import type { CommitOptions, Status, Writer } from "../../content/store.ts";
import { now } from "../clock.ts";
import type { IngestRow } from "../feed/change.ts";
import { commitIngest } from "./commit.ts";
import type { Core } from "./core.ts";
import { findIngestById, updateIngest } from "./ingest-rows.ts";
import { toIngestRow, toOfferedStatus, toStatus } from "./ingest-status.ts";
import type { OpenedIngest } from "./opened-ingest.ts";

/**
 * The writer of an ingest in a namespace. Whoever follows the feed hears of each step, when anybody does.
 *
 * @returns absent where somebody dropped the ingest before its writer was known
 */
export async function createIngestWriter(core: Core, opened: OpenedIngest): Promise<Writer | undefined> {
  const { row, inner, holder } = opened;
  const { id, namespace, ref } = row;
  let { offered } = opened;
  let open = true;

  const free = (status: Status): IngestRow => toIngestRow(findIngestById(core.connection, id) ?? row, status);

  async function status(): Promise<Status> {
    const below = await inner.status();
    return offered === undefined ? toStatus(row, below) : toOfferedStatus(row, offered);
  }

  const first = await status();
  if (findIngestById(core.connection, id) === undefined) return undefined;
  const held: IngestRow = { ...free(first), lockedAt: now(), holder };
  core.writers.set(id, held);
  core.transactions.note({
    kind: "ingest",
    namespace,
    ref,
    ...(opened.resumed && { before: free(first) }),
    after: held,
  });

  /** The ingest was brought on. */
  async function moved(): Promise<void> {
    const before = core.writers.get(id);
    if (before === undefined) return;
    const after = { ...before, status: await status() };
    if (core.writers.get(id) === undefined) return;
    core.writers.set(id, after);
    if (core.feed.watched) core.transactions.note({ kind: "ingest", namespace, ref, before, after });
  }

  /** From now on bytes are written, on top of those that were offered. */
  async function takeOffer(copied: boolean): Promise<void> {
    const taken = offered;
    if (taken === undefined) return;
    await inner.truncate(0);
    if (copied) {
      await using reader = await core.below.readerAt(taken);
      for await (const chunk of reader.read(0)) await inner.write(chunk);
    }
    await core.transactions.brief((tables) => updateIngest(tables, id, { offered: null }));
    offered = undefined;
  }

  async function close(): Promise<void> {
    if (!open) return;
    open = false;
    const current = core.writers.get(id);
    // After a commit that was refused the ref may be another writer's already.
    const before = current?.lockedAt === held.lockedAt ? current : undefined;
    // Told first: once the store below lets go, the next writer may be open at once.
    if (before !== undefined && core.writers.delete(id)) {
      core.transactions.note({ kind: "ingest", namespace, ref, before, after: free(before.status) });
    }
    await inner.close();
  }

  return {
    ref,
    status,
    close,
    digest: () => offered?.digest ?? inner.digest(),
    async write(data) {
      await takeOffer(true);
      await inner.write(data);
      core.transferred.writtenBytes += data.length;
      await moved();
    },
    async truncate(size) {
      if (size === 0) await takeOffer(false);
      await inner.truncate(size);
      await moved();
    },
    async commit(options: CommitOptions = {}): Promise<Digest> {
      if (!open) throw new ContentError("failed-precondition", `writer of ${ref} is closed`);
      try {
        return await commitIngest(core, { ...opened, offered }, options);
      } finally {
        await close();
      }
    },
    [Symbol.asyncDispose]: close,
  };
}
