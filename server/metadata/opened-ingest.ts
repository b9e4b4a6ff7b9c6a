import type { Descriptor, Info, Writer } from "../../content/store.ts";
import type { StoredIngest } from "./ingest-rows.ts";

/** A writer of the store below, and whose ingest it is. */
export interface OpenedIngest {
  readonly row: StoredIngest;
  readonly resumed: boolean;
  readonly inner: Writer;
  /** What this writer's open declares. */
  readonly declared: Descriptor;
  /** A right blob below that stands for bytes nobody sent; absent: bytes are written. */
  readonly offered: Info | undefined;
  /** What is known of who writes, for people. */
  readonly holder: string;
  /** The lease that the blob is to come under; absent: none. */
  readonly lease: string | undefined;
}
