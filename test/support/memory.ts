import { statfsSync } from "node:fs";

/** Where Linux serves memory as files. */
const folder = "/dev/shm";

/** Bytes that must be free there. */
const enough = 4 * 1024 ** 3;

/** Variables of tests that depend on no disk, and do not wait for one: none where memory is not served, or not enough of it. */
export function inMemory(): { readonly TMPDIR?: string } {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > enough ? { TMPDIR: folder } : {};
  } catch {
    return {};
  }
}
