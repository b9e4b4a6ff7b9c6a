import type { Digest } from "../../content/digest.ts";
import type { Connection } from "./database/connection.ts";
import { queries } from "./database/queries.ts";
import { labelsFromColumn } from "./labels-column.ts";

/**
 * Who is offered a blob that another namespace holds, in the place of its bytes (containerd's content_sharing_policy).
 *
 * - `shared`: whoever declares its digest.
 * - `isolated`: nobody, unless a namespace that holds it has the label `containerd.io/namespace.shareable=true`. Others send
 *   all of its bytes, and so show that they have them; they are stored once all the same.
 */
export type Sharing = "shared" | "isolated";

const shareableLabel = "containerd.io/namespace.shareable";

/** True where a namespace that does not hold the blob may be offered it. */
export function isShared(connection: Connection, sharing: Sharing, digest: Digest): boolean {
  if (sharing === "shared") return true;
  const query = queries
    .selectFrom("blob")
    .innerJoin("namespace", "namespace.name", "blob.namespace")
    .select("namespace.labels")
    .where("blob.digest", "=", digest);
  return connection.all(query).some(({ labels }) => labelsFromColumn(labels)[shareableLabel] === "true");
}
