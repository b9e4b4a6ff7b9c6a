import { ContentError } from "../../content/errors.ts";
import type { Image } from "../../content/image.ts";
import type { Note } from "../policy/facts.ts";

/** What stands there before a change; absent: there is nothing, or nobody wants to know. @param note of the call */
export async function beforeChange<T>(note: Note | undefined, read: () => Promise<T>): Promise<T | undefined> {
  if (note === undefined) return undefined;
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return undefined;
  }
}

/** What an image stands for, as the audit tells it. */
export function targetText(image: Image | undefined): string | undefined {
  return image?.target.digest;
}
