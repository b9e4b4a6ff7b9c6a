import type { Blob } from "../../content/remote/events.ts";
import type { BlobQuery } from "../_live/blobs.ts";
import type { Chosen } from "../_ui/list/chosen.ts";

/** Blobs that are chosen. */
export type ChosenBlobs = Chosen<Blob, BlobQuery>;
