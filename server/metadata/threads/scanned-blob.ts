import type { SQLOutputValue } from "node:sqlite";
import type { Digest } from "../../../content/digest.ts";
import { toMoment } from "../../../content/instant.ts";
import type { Info, Labels } from "../../../content/store.ts";
import type { EncodedRow } from "../../../content/wire/row-encoder.ts";
import type { BlobRow } from "../../feed/change.ts";
import type { StoredBlob } from "../blobs.ts";
import { labelsFromColumn } from "../labels-column.ts";
import type { PageKey } from "./job.ts";

/**
 * A row of a scan over all rows: what a selection does not look at is not read out of its column. The values are those of row
 * id, namespace, digest, size, created_at, updated_at and labels.
 */
export class ScannedBlob implements BlobRow, Info {
  readonly #values: readonly SQLOutputValue[];

  constructor(values: readonly SQLOutputValue[]) {
    this.#values = values;
  }

  get id(): number {
    return this.#values[0] as number;
  }

  get namespace(): string {
    return this.#values[1] as string;
  }

  /** The row stands for its info too: a scan makes one object a row. */
  get info(): Info {
    return this;
  }

  get digest(): Digest {
    return this.#values[2] as Digest;
  }

  get size(): number {
    return this.#values[3] as number;
  }

  get createdAt(): Date {
    return toMoment(this.#values[4] as number);
  }

  get updatedAt(): Date {
    return toMoment(this.#values[5] as number);
  }

  get labels(): Labels {
    return labelsFromColumn(this.#values[6] as string);
  }

  /** Its place in every order. */
  get key(): PageKey {
    const [, , , , created_at, updated_at] = this.#values as readonly number[];
    const { namespace, digest, size } = this;
    return { namespace, digest, size, created_at: created_at ?? 0, updated_at: updated_at ?? 0 };
  }

  /** As the table has it. */
  stored(): StoredBlob {
    return { ...this.key, labels: this.#values[6] as string };
  }

  /** For a RowEncoder. */
  get encodable(): EncodedRow {
    const { namespace, digest, size, labels } = this;
    const [, , , , createdMicros, updatedMicros] = this.#values as readonly number[];
    return { namespace, digest, size, createdMicros: createdMicros ?? 0, updatedMicros: updatedMicros ?? 0, labels };
  }
}
