import { DatabaseSync, type SQLOutputValue } from "node:sqlite";
import type { ComparedKind, KindAmount, OtherDigest } from "../../content/compare/report.ts";
import type { ComparedPart } from "../../content/compare.ts";
import type { Digest } from "../../content/digest.ts";
import { algorithmOf, hexOf } from "../../content/digest.ts";
import type { PlacedRow, Rank, ReportRow, RowOrder, SaidKind, Tasks } from "./report-job.ts";

/** Nobody reads the file after its process, and what is lost is asked for again: nothing of it need be safe. */
const pragmas = `
  PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
  PRAGMA temp_store = FILE; PRAGMA cache_size = -16000`;

/** A blob's place is its number in the order of digests, so that a page of any place is found at once; `sized` has the same for sizes. */
const tables = `
  CREATE TABLE blob (
    part INTEGER NOT NULL, place INTEGER NOT NULL, digest BLOB NOT NULL, size INTEGER NOT NULL, "at" INTEGER NOT NULL,
    rank INTEGER NOT NULL, kind INTEGER NOT NULL, PRIMARY KEY (part, place)
  ) WITHOUT ROWID;
  CREATE TEMP TABLE said (digest BLOB NOT NULL, kind INTEGER NOT NULL, is_read INTEGER NOT NULL);
  CREATE INDEX blob_ranked ON blob (part, rank, place) WHERE rank > 0;
  CREATE TABLE sized (
    part INTEGER NOT NULL, number INTEGER NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (part, number)
  ) WITHOUT ROWID;
  CREATE TABLE name (place INTEGER PRIMARY KEY, json TEXT NOT NULL)`;

/**
 * What was said of a digest counts once: what a document says before what labels do, and of several the first kind. What a blob's own
 * labels say counts for more than those of others.
 */
const applySaid = `
  CREATE TEMP TABLE known (digest BLOB PRIMARY KEY, kind INTEGER NOT NULL, is_read INTEGER NOT NULL) WITHOUT ROWID;
  INSERT OR IGNORE INTO known SELECT digest, min(kind), is_read FROM said GROUP BY digest, is_read ORDER BY digest, is_read DESC;
  UPDATE blob SET kind = (SELECT known.kind FROM known WHERE known.digest = blob.digest)
    WHERE EXISTS (SELECT 1 FROM known WHERE known.digest = blob.digest AND (known.is_read = 1 OR blob.kind = 0));
  DROP TABLE known; DROP TABLE said`;

/** Rows of one kind in either order, made once somebody asks for some: most never do. */
const kindIndexes: Readonly<Record<RowOrder["by"], string>> = {
  digest: "CREATE INDEX IF NOT EXISTS blob_of_kind ON blob (part, kind, place)",
  size: "CREATE INDEX IF NOT EXISTS blob_of_kind_by_size ON blob (part, kind, size DESC, place)",
};

const parts: readonly ComparedPart[] = ["only-a", "both", "only-b"];

/** The first is what nothing was said of. Of two kinds that are told of one blob the first of these is believed. */
const kinds: readonly ComparedKind[] = ["unknown", "attestation", "index", "manifest", "config", "layer"];

const columns = 'place, digest, size, "at", rank, kind';

/** The rows of a report, in a database that is this one's alone. */
export interface ReportTables {
  readonly run: { readonly [K in keyof Tasks]: (question: Tasks[K]["question"]) => Tasks[K]["answer"] };
}

/** Make the tables in a new file. */
export function createReportTables(path: string): ReportTables {
  const database = new DatabaseSync(path);
  database.exec(`${pragmas}; ${tables}`);
  const insert = database.prepare("INSERT INTO blob VALUES (?, ?, ?, ?, ?, ?, ?)");
  const insertSaid = database.prepare("INSERT INTO said VALUES (?, ?, ?)");
  const insertSized = database.prepare("INSERT INTO sized VALUES (?, ?, ?)");
  const bySize = database.prepare("SELECT place FROM blob WHERE part = ? ORDER BY size DESC, place");
  const insertName = database.prepare("INSERT INTO name VALUES (?, ?)");
  const byPlace = database.prepare(`SELECT ${columns} FROM blob WHERE part = ? AND place >= ? ORDER BY place LIMIT ?`);
  const ofSized = database.prepare(
    `SELECT blob.place, digest, size, "at", rank, kind FROM sized JOIN blob USING (part, place)
     WHERE part = ? AND number >= ? ORDER BY number LIMIT ?`,
  );
  const leaves = database.prepare(
    `SELECT ${columns} FROM blob WHERE part = ? AND place > ? AND rank = 0 ORDER BY place LIMIT ?`,
  );
  const ranked = database.prepare(
    `SELECT ${columns} FROM blob WHERE part = ? AND rank = ? AND rank > 0 AND place > ? ORDER BY place LIMIT ?`,
  );
  const setRank = database.prepare("UPDATE blob SET rank = ? WHERE part = ? AND place = ?");
  const namesFrom = database.prepare("SELECT json FROM name WHERE place >= ? ORDER BY place LIMIT ?");
  const pages = database.prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size");
  const counts = new Map(parts.map((part) => [part, 0]));
  let names = 0;

  function all(work: () => void): undefined {
    database.exec("BEGIN");
    work();
    database.exec("COMMIT");
  }

  function add(rows: readonly ReportRow[]): undefined {
    all(() => {
      for (const { part, digest, size, at, rank, kind } of rows) {
        const place = counts.get(part) ?? 0;
        insert.run(parts.indexOf(part), place, encode(digest), size, at, rank, kinds.indexOf(kind));
        counts.set(part, place + 1);
      }
    });
  }

  function say(said: readonly SaidKind[]): undefined {
    all(() => {
      for (const { digest, kind, isRead } of said) insertSaid.run(encode(digest), kinds.indexOf(kind), Number(isRead));
    });
  }

  function seal(): readonly KindAmount[] {
    all(() => {
      database.exec(applySaid);
      for (const [part] of parts.entries()) {
        let number = 0;
        for (const { place } of bySize.iterate(part)) insertSized.run(part, number++, place ?? null);
      }
    });
    return amounts(database);
  }

  /** Rows of one kind are counted off, since they have no numbers of their own. */
  function pageOfKind(kind: ComparedKind, { part, order, skip, limit }: PageQuestion): readonly PlacedRow[] {
    database.exec(kindIndexes[order.by]);
    const direction = order.isDescending ? "DESC" : "ASC";
    const across = order.isDescending ? "ASC" : "DESC";
    const by = order.by === "digest" ? `place ${direction}` : `size ${direction}, place ${across}`;
    const places = `SELECT place FROM blob WHERE part = ?1 AND kind = ?2 ORDER BY ${by} LIMIT ?3 OFFSET ?4`;
    const select = `SELECT ${columns} FROM blob JOIN (${places}) USING (place) WHERE part = ?1 ORDER BY ${by}`;
    const values = [parts.indexOf(part), kinds.indexOf(kind), limit, skip];
    return database
      .prepare(select)
      .all(...values)
      .map((row) => read(part, row));
  }

  function page(question: PageQuestion): readonly PlacedRow[] {
    const { part, kind, order, skip, limit } = question;
    if (kind !== undefined) return pageOfKind(kind, question);
    const select = order.by === "digest" ? byPlace : ofSized;
    const isForward = order.isDescending === (order.by === "size");
    const end = isForward ? skip + limit : (counts.get(part) ?? 0) - skip;
    const first = Math.max(0, end - limit);
    const rows = select.all(parts.indexOf(part), first, Math.max(0, end - first)).map((row) => read(part, row));
    return isForward ? rows : rows.toReversed();
  }

  /** Places are in the order of digests, so that halving finds one. */
  function findOne(part: ComparedPart, digest: Digest): PlacedRow | undefined {
    let [low, high] = [0, counts.get(part) ?? 0];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const [row] = byPlace.all(parts.indexOf(part), middle, 1).map((each) => read(part, each));
      if (row === undefined || row.digest === digest) return row;
      if (row.digest < digest) low = middle + 1;
      else high = middle;
    }
    return undefined;
  }

  return {
    run: {
      add,
      kinds: say,
      names: (rows) =>
        all(() => {
          for (const row of rows) insertName.run(names++, JSON.stringify(row));
        }),
      seal,
      page,
      otherDigests: ({ skip, limit }) =>
        namesFrom.all(skip, limit).map(({ json }) => JSON.parse(String(json)) as OtherDigest),
      ranked({ part, rank, after, limit }) {
        const number = parts.indexOf(part);
        const rows = rank === 0 ? leaves.all(number, after, limit) : ranked.all(number, rank, after, limit);
        return rows.map((row) => read(part, row));
      },
      find: ({ part, digests }) => digests.flatMap((digest) => findOne(part, digest) ?? []),
      rank({ part, place, rank }) {
        setRank.run(rank, parts.indexOf(part), place);
        return undefined;
      },
      weigh: () => Number(pages.get()?.["bytes"] ?? 0),
    },
  };
}

type PageQuestion = Tasks["page"]["question"];

/** What each part has of each kind. */
function amounts(database: DatabaseSync): readonly KindAmount[] {
  const sums = "SELECT part, kind, count(*) AS blobs, sum(size) AS bytes FROM blob GROUP BY part, kind";
  return database
    .prepare(sums)
    .all()
    .flatMap(({ part, kind, blobs, bytes }) => {
      const [of, known] = [parts[Number(part)], kinds[Number(kind)]];
      return of === undefined || known === undefined
        ? []
        : { part: of, kind: known, blobs: Number(blobs), bytes: Number(bytes) };
    });
}

/** Half as long as the text, in the same order. */
function encode(digest: Digest): Buffer {
  return Buffer.concat([Buffer.from(`${algorithmOf(digest)}:`), Buffer.from(hexOf(digest), "hex")]);
}

function decode(bytes: Uint8Array): Digest {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const colon = buffer.indexOf(":") + 1;
  return `${buffer.toString("latin1", 0, colon)}${buffer.toString("hex", colon)}` as Digest;
}

function read(part: ComparedPart, row: Readonly<Record<string, SQLOutputValue>>): PlacedRow {
  const numberOf = (name: string): number => Number(row[name]);
  const rank: Rank = numberOf("rank");
  return {
    part,
    rank,
    place: numberOf("place"),
    digest: decode(row["digest"] as Uint8Array),
    size: numberOf("size"),
    at: numberOf("at"),
    kind: kinds[numberOf("kind")] ?? "unknown",
  };
}
