import { ContentError } from "../../../content/errors.ts";

/** Errors of the system that mean: there is no room. */
const noSpaceCodes = ["ENOSPC", "EDQUOT", "EFBIG"];

/** Errors of the system that mean: this process, or the machine, has no file left to open. */
const noFilesCodes = ["EMFILE", "ENFILE"];

/** The system's code, such as `ENOENT`; empty for what is no error of the system. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/**
 * An error of the system as a ContentError; its text holds no path, the whole error is its cause. A ContentError stays
 * as it is.
 *
 * @param what was being done, such as `write ref`
 * @returns `resource-exhausted` where there is no room or no file left; `internal` for any other
 */
export function systemError(error: unknown, what: string): ContentError {
  if (error instanceof ContentError) return error;
  const code = codeOf(error);
  if (noSpaceCodes.includes(code)) {
    return new ContentError("resource-exhausted", "no space left in the store", { cause: error });
  }
  if (noFilesCodes.includes(code)) {
    return new ContentError("resource-exhausted", "too many files are open", { cause: error });
  }
  return new ContentError("internal", `could not ${what}${code && `: ${code}`}`, { cause: error });
}
