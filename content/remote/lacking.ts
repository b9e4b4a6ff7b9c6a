import { ContentError, isKind } from "../errors.ts";

/**
 * The error of a call as it is thrown on.
 *
 * @param lacks what is said of a server that does not have the service
 * @returns `failed-precondition` in the place of `not-implemented`, since another try mends nothing; every other error as it is
 */
export function sayingWhatLacks(error: unknown, lacks: string): unknown {
  if (!isKind(error, "not-implemented")) return error;
  return new ContentError("failed-precondition", lacks, { cause: error });
}
