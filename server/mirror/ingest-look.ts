import type { Digest } from "../../content/digest.ts";
import { isDigest } from "../../content/digest.ts";
import { microsOf } from "../../content/instant.ts";
import type { Info, Status } from "../../content/store.ts";
import { now } from "../clock.ts";
import type { IngestOutcome, IngestRow } from "../feed/change.ts";
import { queries } from "../metadata/database/queries.ts";
import type { Namespaces } from "../metadata/set.ts";
import type { Asking } from "./asking.ts";
import { applyBlob, findAtSource } from "./blob-look.ts";
import type { MirrorCore } from "./core.ts";

/** How an ingest is known to have ended, before it is seen to be gone. */
export type KnownEnd = Pick<IngestOutcome, "outcome" | "digest" | "by">;

/**
 * The ingests of a source, as they were last seen. What came and went between two looks is never told of, and neither is who
 * writes one.
 */
export interface PolledIngests {
  /** @returns true where one ended */
  look(namespaces: readonly string[], ask: Asking): Promise<boolean>;
  /** In the order of namespace and ref. */
  rows(namespaces: Namespaces): readonly IngestRow[];
  find(namespace: string, ref: string): IngestRow | undefined;
  /**
   * Somebody is about to end it here: that is how its end is told, if it comes. Absent: that came to nothing.
   */
  knowEnd(namespace: string, ref: string, end: KnownEnd | undefined): void;
}

/** An ingest that was seen. */
interface Seen {
  /** Of its row. */
  readonly id: number;
  readonly row: IngestRow;
}

/** Ends that are known before they are seen, at most. */
const maxKnownEnds = 1_000;

/** None was seen yet. Rows that an earlier start left say nothing of now, and go. */
export async function openPolledIngests(core: MirrorCore): Promise<PolledIngests> {
  const { transactions } = core.rows;
  const seen = new Map<string, Seen>();
  const ends = new Map<string, KnownEnd>();
  await transactions.brief((tables) => tables.run(queries.deleteFrom("ingest")));

  async function see(namespace: string, status: Status): Promise<void> {
    const key = keyOf(namespace, status.ref);
    const before = seen.get(key);
    const row: IngestRow = { namespace, status, holder: "", lastError: "", polled: true };
    if (before === undefined) return await begin(key, row);
    if (!hasMoved(before.row.status, status)) return;
    if (before.row.status.expected !== status.expected) {
      const expected = status.expected ?? null;
      await transactions.brief((tables) =>
        tables.run(queries.updateTable("ingest").set({ expected }).where("id", "=", before.id)),
      );
    }
    seen.set(key, { id: before.id, row });
    core.writers.set(before.id, row);
    transactions.note({ kind: "ingest", namespace, ref: status.ref, before: before.row, after: row });
  }

  async function begin(key: string, row: IngestRow): Promise<void> {
    const { namespace, status } = row;
    const { ref, expected = null, startedAt } = status;
    const values = { namespace, ref, expected, started_at: microsOf(startedAt), expires_at: null, last_error: "" };
    await transactions.brief((tables, note) => {
      const stored = tables.first(queries.insertInto("ingest").values(values).returningAll());
      if (stored === undefined) throw new Error("an insert gives its row");
      seen.set(key, { id: stored.id, row });
      core.writers.set(stored.id, row);
      note({ kind: "ingest", namespace, ref, after: row });
    });
  }

  /** It is gone: committed where the digest that it was to have is stored, otherwise nobody knows. */
  async function end(key: string, { id, row }: Seen, ask: Asking): Promise<void> {
    const { namespace, status } = row;
    const known = ends.get(key);
    const digest = known === undefined ? wantedDigest(status) : known.digest;
    const found = digest && (await findAtSource(core, namespace, digest, ask));
    const info = found && (known || status.expected || !isOlder(found, status)) ? found : undefined;
    const outcome = outcomeOf(row, known, info);
    ends.delete(key);
    await transactions.brief((tables, note) => {
      tables.run(queries.deleteFrom("ingest").where("id", "=", id));
      seen.delete(key);
      core.writers.delete(id);
      note({ kind: "ingest", namespace, ref: status.ref, before: row, end: outcome });
      if (info === undefined) return;
      core.asides.add(namespace, info.digest);
      applyBlob(tables, note, namespace, { digest: info.digest, info });
    });
  }

  return {
    async look(namespaces, ask) {
      using _held = await core.lists.hold("ingests");
      const gone = new Map(seen);
      for (const namespace of namespaces) {
        for await (const told of ask.each((signal) => core.source.in({ namespace }).listStatuses([], signal))) {
          const status = core.accept.ingest(namespace, told);
          if (status === undefined) continue;
          const key = keyOf(namespace, status.ref);
          const before = gone.get(key);
          gone.delete(key);
          if (before !== undefined && !isSame(before.row.status, status)) await end(key, before, ask);
          await see(namespace, status);
        }
      }
      for (const [key, before] of gone) await end(key, before, ask);
      return gone.size > 0;
    },
    rows(namespaces) {
      const wanted = [...seen.values()].map(({ row }) => row);
      const covered = namespaces === "*" ? wanted : wanted.filter(({ namespace }) => namespaces.includes(namespace));
      return covered.sort(compareRows);
    },
    find: (namespace, ref) => seen.get(keyOf(namespace, ref))?.row,
    knowEnd(namespace, ref, known) {
      const key = keyOf(namespace, ref);
      if (known === undefined) ends.delete(key);
      else if (seen.has(key) && ends.size < maxKnownEnds) ends.set(key, known);
    },
  };
}

function outcomeOf({ status }: IngestRow, known: KnownEnd | undefined, info: Info | undefined): IngestOutcome {
  const { offset: size } = status;
  const endedAt = now();
  if (info !== undefined) {
    const { outcome = "committed", by = "" } = known ?? {};
    return { outcome, digest: info.digest, size: info.size, by, endedAt };
  }
  if (known?.outcome === "aborted") return { outcome: "aborted", size, by: known.by, endedAt };
  return { outcome: "unknown", size, by: "", endedAt };
}

/**
 * The digest that an ingest was to have. A containerd does not tell what was declared, but its clients name what they fetch by it
 * (core/remotes/handlers.go, MakeRefKey): `layer-sha256:…`.
 */
function wantedDigest({ expected, ref }: Status): Digest | undefined {
  if (expected !== undefined) return expected;
  const named = /^[a-z]+-([a-z0-9]+:[a-f0-9]+)$/.exec(ref)?.[1] ?? "";
  return isDigest(named) ? named : undefined;
}

/** True for a blob that was there before the ingest began. */
function isOlder({ createdAt }: Info, { startedAt }: Status): boolean {
  return microsOf(createdAt) < microsOf(startedAt);
}

/** No namespace has a space. */
function keyOf(namespace: string, ref: string): string {
  return `${namespace} ${ref}`;
}

/** The same ingest still: one that started over under its ref is another. */
function isSame(before: Status, status: Status): boolean {
  return microsOf(before.startedAt) === microsOf(status.startedAt);
}

function hasMoved(before: Status, status: Status): boolean {
  return (
    before.offset !== status.offset ||
    before.total !== status.total ||
    before.expected !== status.expected ||
    microsOf(before.updatedAt) !== microsOf(status.updatedAt)
  );
}

function compareRows(a: IngestRow, b: IngestRow): number {
  return compareTexts(a.namespace, b.namespace) || compareTexts(a.status.ref, b.status.ref);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
