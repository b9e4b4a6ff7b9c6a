import { mkdir, readdir, rename, rmdir } from "node:fs/promises";
import { join } from "node:path";
import { lockData } from "../../../server/lock.ts";
import { openDatabase } from "../../../server/metadata/database/database.ts";
import type { Layout } from "../../../server/stores/local/layout.ts";
import { directoryMode, openLayout } from "../../../server/stores/local/layout.ts";
import { run } from "../../support/run.ts";
import { BenchError } from "../bench-error.ts";
import { writeBlobFile } from "./files.ts";
import type { FilledBlob } from "./images.ts";
import { imagesOf } from "./images.ts";
import type { RowFill } from "./rows.ts";
import { beginRows } from "./rows.ts";

/** Blobs that are written at once. */
const blobsAtOnce = 256;

const databaseFile = "metadata.db";

/** How long the disk may take for all of it, in milliseconds. */
const syncMs = 600_000;

export interface FillOptions {
  /** The data directory; it is made where it is not there. */
  readonly root: string;
  /** Blobs; one that several namespaces hold counts once. */
  readonly count: number;
  /** Absent: always the same. */
  readonly seed?: string;
  /** Hears how many blobs are there, after each batch. */
  readonly onProgress?: (blobs: number) => void;
}

export interface Filled {
  readonly blobs: number;
  /** A blob has one for each namespace that holds it. */
  readonly rows: number;
  /** Of all blobs, each once. */
  readonly bytes: number;
}

/**
 * Fill an empty data directory with blobs: what a server that had them all written to it would leave there, without its
 * syncs. One sync at the end makes all of it durable.
 *
 * @throws BenchError for a directory that is not empty; StartError for one that cannot be written to
 */
export async function fill({ root, count, seed = "stowage", onProgress }: FillOptions): Promise<Filled> {
  await refuseFilled(root);
  await using _lock = await lockData(root);
  const layout = await openLayout(root);
  // A fill that is cut leaves no database, so that nobody takes it for whole.
  const unfinished = join(root, "filling");
  await mkdir(unfinished, { mode: directoryMode });
  const filled = await fillDatabase(unfinished, (rows) => {
    return addAll(imagesOf({ count, seed, until: new Date() }), layout, rows, onProgress);
  });
  await rename(join(unfinished, databaseFile), join(root, databaseFile));
  await rmdir(unfinished);
  await syncAll(root);
  return filled;
}

async function refuseFilled(root: string): Promise<void> {
  const entries = await readdir(root).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw new BenchError(`cannot fill ${root}: ${error.code}; choose a directory`);
    return [];
  });
  if (entries.length > 0) {
    throw new BenchError(`${root} is not empty: fill takes an empty directory, so that it spoils no data; see --data`);
  }
}

async function fillDatabase(directory: string, add: (rows: RowFill) => Promise<Omit<Filled, "rows">>): Promise<Filled> {
  await using database = await openDatabase(directory);
  const rows = beginRows(database.main);
  const added = await add(rows);
  rows.finish();
  return { ...added, rows: rows.rows };
}

async function addAll(
  images: Iterable<readonly FilledBlob[]>,
  layout: Layout,
  rows: RowFill,
  onProgress: FillOptions["onProgress"],
): Promise<Omit<Filled, "rows">> {
  let [blobs, bytes] = [0, 0];
  let written: Promise<unknown> = Promise.resolve();
  for (const batch of batchesOf(images)) {
    await written;
    // The rows go in while the system writes the files.
    written = Promise.all(batch.map((blob) => writeBlobFile(layout, blob)));
    rows.add(batch);
    blobs += batch.length;
    for (const { data } of batch) bytes += data.length;
    onProgress?.(blobs);
  }
  await written;
  return { blobs, bytes };
}

function* batchesOf(images: Iterable<readonly FilledBlob[]>): Generator<readonly FilledBlob[]> {
  let batch: FilledBlob[] = [];
  for (const image of images) {
    batch.push(...image);
    if (batch.length < blobsAtOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** Node syncs one file at a time; coreutils a whole file system. */
async function syncAll(root: string): Promise<void> {
  const { status, stderr } = await run("sync", ["-f", root], { timeoutMs: syncMs });
  if (status !== 0) throw new BenchError(`cannot sync ${root}: ${stderr.trim()}`);
}
