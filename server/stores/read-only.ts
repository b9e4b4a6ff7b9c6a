import { ContentError } from "../../content/errors.ts";
import type { Store } from "../../content/store.ts";
import { noSuchBlob, noSuchIngest } from "./refusals.ts";

/** What can be asked of content that is only read. */
export type ContentReads = Pick<Store, "info" | "walk" | "readerAt" | "status" | "listStatuses">;

/** Content that refuses to be changed. @param why a line for people */
export function readOnlyStore(reads: ContentReads, why: string): Store {
  const refuse = async (): Promise<never> => {
    throw new ContentError("permission-denied", why);
  };
  return { ...reads, update: refuse, delete: refuse, writer: refuse, abort: refuse };
}

/** Content of which there is none. */
export const noContent: ContentReads = {
  async info(digest) {
    throw noSuchBlob(digest);
  },
  async *walk() {},
  async readerAt({ digest }) {
    throw noSuchBlob(digest);
  },
  async status(ref) {
    throw noSuchIngest(ref);
  },
  async *listStatuses() {},
};
