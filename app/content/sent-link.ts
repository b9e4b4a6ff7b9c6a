import { getBlobPage } from "../../content/remote/pages.ts";
import type { BlobQuery, BlobRow } from "../_live/blobs.ts";
import { serverNow } from "../_live/clock.ts";
import { serverTransport } from "../_live/link.ts";
import { copyText } from "../_ui/copy-button.tsx";
import type { RowSource } from "../_ui/list/row-source.ts";
import type { ChosenBlobs } from "./chosen.ts";
import { chosenBlobs } from "./chosen-blobs.ts";
import type { SentView } from "./sent-view.ts";
import { sentBlobOf, toSentAddress } from "./sent-view.ts";

/**
 * Puts a link to what is seen now on the clipboard: the query and order of the address, the row that is read, what is
 * selected, and the moment, so that who opens it is told what changed since.
 *
 * @param place of the row that is read, from 0
 * @param columns ColumnChoice.shared
 */
export async function copySentLink(
  query: BlobQuery,
  rows: RowSource<BlobRow>,
  place: number,
  columns: string | undefined,
): Promise<void> {
  const at = new Date(serverNow());
  const token = await tokenOf(query);
  const row = place > 0 ? rows.at(place)?.row : undefined;
  const selected = selectedOf(chosenBlobs.get());
  const view: SentView = {
    since: { at, token },
    ...(row && { at: { ...sentBlobOf(row), index: place } }),
    ...(selected && { selected }),
    ...(columns !== undefined && { columns }),
  };
  await copyText(toSentAddress(window.location.href, view), "link");
}

/** Empty where what changes from now on could not be told later. */
async function tokenOf({ selection, orderBy }: BlobQuery): Promise<string> {
  try {
    const page = await getBlobPage(serverTransport(), { selection, orderBy, size: 1 });
    return page?.token ?? "";
  } catch {
    return "";
  }
}

function selectedOf(chosen: ChosenBlobs): SentView["selected"] {
  if (chosen.kind === "all") return "all";
  return chosen.items.size === 0 ? undefined : [...chosen.items.values()].map(sentBlobOf);
}
