import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "pino";
import { z } from "zod";
import type { Rows } from "../metadata/rows.ts";
import { openRows } from "../metadata/rows.ts";
import type { Observer } from "../metadata/transactions.ts";
import { StartError } from "../start-error.ts";

/** What the rows of a mirror mean: one of another number is read anew. */
const format = 1;

/** Says of which target the rows are, once all of it was read. */
const markName = "mirror.json";

const databaseFiles = ["metadata.db", "metadata.db-wal", "metadata.db-shm"];

/** Owner and group may look; others may not. */
const directoryMode = 0o750;

/** The rows of a mirror, which are a cache: they may be thrown away at any time. */
export interface MirrorFolder {
  readonly rows: Rows;
  /** True: all of the target was read at some time. */
  readonly isFilled: boolean;
  /** All of it was read. */
  fill(): Promise<void>;
  /** The rows are not to be used by the next start. */
  spoil(): Promise<void>;
}

const markSchema = z.object({ format: z.literal(format), target: z.string() });

/**
 * Open the folder of a mirror. Rows that are of another target or format, that were never read to the end, or that are damaged,
 * are thrown away, and read anew.
 *
 * @param observe hears of each change inside its transaction
 * @throws StartError where the folder cannot be used
 */
export async function openMirrorFolder(
  root: string,
  target: string,
  logger: Logger,
  observe: Observer,
): Promise<MirrorFolder> {
  await mkdir(root, { recursive: true, mode: directoryMode });
  const mark = join(root, markName);
  let isFilled = (await readTarget(mark)) === target;
  if (!isFilled) await clear(root);
  let rows: Rows;
  try {
    rows = await openRows(root, observe);
  } catch (error) {
    if (!(error instanceof StartError) || !isFilled) throw error;
    logger.warn({ err: error }, "the rows of a mirror could not be used; they are read anew");
    isFilled = false;
    await clear(root);
    rows = await openRows(root, observe);
  }
  return {
    rows,
    get isFilled() {
      return isFilled;
    },
    async fill() {
      await writeFile(`${mark}.new`, JSON.stringify({ format, target }));
      await rename(`${mark}.new`, mark);
      isFilled = true;
    },
    spoil: () => rm(mark, { force: true }),
  };
}

/** The target of the rows; absent where there are none of this format. */
async function readTarget(mark: string): Promise<string | undefined> {
  try {
    return markSchema.parse(JSON.parse(await readFile(mark, "utf8"))).target;
  } catch {
    return undefined;
  }
}

async function clear(root: string): Promise<void> {
  for (const name of [markName, ...databaseFiles]) await rm(join(root, name), { force: true });
}
