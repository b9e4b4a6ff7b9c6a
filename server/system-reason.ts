import { getSystemErrorMessage } from "node:util";

/** Where the system's own words say less to people than what is the matter. */
const words: Readonly<Record<string, string>> = {
  EADDRINUSE: "something else listens there",
  EEXIST: "there is a file in its place",
  EISDIR: "it is a folder",
  ENOSPC: "the disk is full",
  ENOTDIR: "there is a file in the place of a folder",
};

/** What is the matter, in a few words for people: without the code, the system call and the path of the system's errors. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = "", errno } = error as NodeJS.ErrnoException;
  return words[code] ?? (errno === undefined ? error.message : getSystemErrorMessage(errno));
}
