import { ContentError } from "../../content/errors.ts";
import type { Blob } from "../../content/remote/events.ts";
import { getBlobPage } from "../../content/remote/pages.ts";
import type { BlobQuery } from "../_live/blobs.ts";
import { blobKey } from "../_live/keys.ts";
import { serverTransport } from "../_live/link.ts";
import type { ChosenBlobs } from "./chosen.ts";

/** Rows that one call brings. */
const step = 1000;

/** All blobs that are chosen, asked of the server where they are a query. @param onCount how many came so far */
export async function collectChosen(
  chosen: ChosenBlobs,
  signal: AbortSignal,
  onCount: (count: number) => void,
): Promise<readonly Blob[]> {
  if (chosen.kind === "some") return [...chosen.items.values()];
  const { selection } = chosen.query;
  const transport = serverTransport();
  const blobs: Blob[] = [];
  let token: string | undefined;
  do {
    const options = { selection, orderBy: "", size: step, ...(token !== undefined && { token }) };
    const page = await getBlobPage(transport, options, signal);
    if (page === undefined) throw new ContentError("not-implemented", "this server cannot tell all that match");
    blobs.push(...page.blobs.filter((blob) => !chosen.except.has(blobKey(blob))));
    onCount(blobs.length);
    token = page.next;
  } while (token !== undefined);
  return blobs;
}

/** The blobs at places of a query, `end` excluded. */
export async function collectRange(query: BlobQuery, first: number, end: number): Promise<readonly Blob[]> {
  const { selection, orderBy } = query;
  const transport = serverTransport();
  const blobs: Blob[] = [];
  for (let skip = first; skip < end; skip += step) {
    const page = await getBlobPage(transport, { selection, orderBy, skip, size: Math.min(step, end - skip) });
    if (page === undefined) break;
    blobs.push(...page.blobs);
  }
  return blobs;
}
