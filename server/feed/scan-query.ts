import type { Order } from "../metadata/set.ts";
import type { BlobRow } from "./change.ts";
import type { CompiledSelection } from "./selection.ts";

/** Selected rows of one piece of a scan. */
export interface ScannedPage {
  /** Those that are selected; none is no end. */
  readonly rows: readonly BlobRow[];
  /** In their place, where the rows were asked for as bytes: those of content/wire/row-encoder.ts. */
  readonly encoded?: Uint8Array;
  /** Where the scan stands: the last row it looked at; absent: there was none behind the one before. */
  readonly last: BlobRow | undefined;
  /** The feed's number of the last change that the rows include, or the end of the set. */
  readonly sequence: number;
}

/** What a scan goes over. */
export interface ScanQuery {
  readonly selection: CompiledSelection;
  readonly order: Order;
  /** The scan begins behind this row; absent: at the first. */
  readonly after?: BlobRow | undefined;
  /** True: it begins with that row itself, where it is there. */
  readonly including?: boolean;
}
