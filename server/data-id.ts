import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Holds the UUID and nothing else. */
const idFile = "uuid";

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * The UUID of a data directory: made when it is first asked for, the same from then on.
 *
 * @param root the data directory, which nobody else works on meanwhile
 */
export async function readDataId(root: string): Promise<string> {
  const file = join(root, idFile);
  const known = await readFile(file, "utf8").catch(() => "");
  if (uuid.test(known.trim())) return known.trim();
  const made = randomUUID();
  await writeFile(`${file}.new`, `${made}\n`);
  await rename(`${file}.new`, file);
  return made;
}
