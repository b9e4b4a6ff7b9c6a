import type { Selectable } from "kysely";
import type { Digest } from "../../content/digest.ts";
import type { Reference } from "../../content/gc-labels.ts";
import { referencesOf } from "../../content/gc-labels.ts";
import type { Image } from "../../content/image.ts";
import { microsOf, toMoment } from "../../content/instant.ts";
import type { Unnumbered } from "../feed/change.ts";
import type { Connection } from "./database/connection.ts";
import { queries } from "./database/queries.ts";
import type { Schema } from "./database/schema.ts";
import { labelsFromColumn, labelsToColumn } from "./labels-column.ts";
import { replaceReferences } from "./references.ts";

type Note = (change: Unnumbered) => void;

/** A stored row as the domain knows it. */
export function imageFromColumns(row: Selectable<Schema["image"]>): Image {
  return {
    name: row.name,
    labels: labelsFromColumn(row.labels),
    target: {
      mediaType: row.media_type,
      digest: row.digest as Digest,
      size: row.size,
      annotations: labelsFromColumn(row.annotations),
    },
    createdAt: toMoment(row.created_at),
    updatedAt: toMoment(row.updated_at),
  };
}

/** The image of that name; absent where there is none. */
export function findImage(connection: Connection, namespace: string, name: string): Image | undefined {
  const query = queries.selectFrom("image").selectAll().where("namespace", "=", namespace).where("name", "=", name);
  const row = connection.first(query);
  return row && imageFromColumns(row);
}

/** True where the namespace has an image. */
export function hasImages(connection: Connection, namespace: string): boolean {
  const query = queries.selectFrom("image").select("name").where("namespace", "=", namespace).limit(1);
  return connection.first(query) !== undefined;
}

/** The next images in the order of their names. @param after name of the last that is known; empty: from the first */
export function pageImages(connection: Connection, namespace: string, after: string, limit: number): readonly Image[] {
  const query = queries.selectFrom("image").selectAll().where("namespace", "=", namespace).where("name", ">", after);
  return connection.all(query.orderBy("name").limit(limit)).map(imageFromColumns);
}

/** An image is made, or changed. @param before absent: it is new */
export function putImage(
  connection: Connection,
  note: Note,
  namespace: string,
  before: Image | undefined,
  after: Image,
): void {
  const { name, labels, target } = after;
  const values = {
    media_type: target.mediaType,
    digest: target.digest,
    size: target.size,
    annotations: labelsToColumn(target.annotations),
    labels: labelsToColumn(labels),
    created_at: microsOf(after.createdAt),
    updated_at: microsOf(after.updatedAt),
  };
  connection.run(
    queries
      .insertInto("image")
      .values({ namespace, name, ...values })
      .onConflict((conflict) => conflict.columns(["namespace", "name"]).doUpdateSet(values)),
  );
  const owner = { kind: "image", key: name } as const;
  replaceReferences(connection, namespace, owner, referencesOfImage(before), referencesOfImage(after));
  note({ kind: "image", namespace, name, ...(before && { before }), after });
}

/** An image goes; its blob is not asked. */
export function removeImage(
  connection: Connection,
  note: Note,
  namespace: string,
  image: Image,
  collected?: true,
): void {
  const { name } = image;
  connection.run(queries.deleteFrom("image").where("namespace", "=", namespace).where("name", "=", name));
  replaceReferences(connection, namespace, { kind: "image", key: name }, referencesOfImage(image), []);
  note({ kind: "image", namespace, name, before: image, ...(collected && { collected }) });
}

/** An image leads to its target, and to what its labels say. */
function referencesOfImage(image: Image | undefined): readonly Reference[] {
  if (image === undefined) return [];
  const owner = { kind: "image", key: image.name } as const;
  const target: Reference = { from: owner, to: { kind: "content", key: image.target.digest }, label: "" };
  return [target, ...referencesOf(owner, image.labels)];
}
