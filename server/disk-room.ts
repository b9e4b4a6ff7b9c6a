import { statfsSync } from "node:fs";
import { dirname } from "node:path";

/** Less than a new database takes, in bytes. */
const littleRoom = 1024 * 1024;

/**
 * What to do about a database that cannot be opened, since SQLite tells of a full disk in many ways.
 *
 * @param path of the database, whose folder is there
 * @param otherwise what to do where the disk has room
 */
export function adviceFor(path: string, otherwise: string): string {
  const { bavail, bsize } = statfsSync(dirname(path));
  return bavail * bsize < littleRoom ? "its disk is full: make room there" : otherwise;
}
