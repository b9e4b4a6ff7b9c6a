import type { Digest } from "../../../../content/digest.ts";
import type { Labels } from "../../../../content/store.ts";
import type { Metadata } from "../../../../server/metadata/metadata.ts";

/** A time that has passed, and one that has not. */
export const times = { past: "2001-01-01T00:00:00Z", future: "2100-01-01T00:00:00Z" } as const;

/** From now on the namespace is collected. */
export async function startLeases(metadata: Metadata, namespace = "n"): Promise<void> {
  await metadata.leases.create(namespace, "first", {});
  await metadata.leases.delete(namespace, "first");
}

/** Give a name to a blob. */
export async function tag(metadata: Metadata, name: string, digest: Digest, labels: Labels = {}): Promise<void> {
  const target = { mediaType: "application/json", digest, size: 1, annotations: {} };
  await metadata.images.create({ namespace: "n" }, { name, labels, target });
}

/** Labels that lead from their blob to others. */
export function refs(...digests: readonly Digest[]): Labels {
  return Object.fromEntries(digests.map((digest, index) => [`containerd.io/gc.ref.content.l.${index}`, digest]));
}

/** Digests that a namespace holds. */
export async function held(metadata: Metadata, namespace = "n"): Promise<readonly Digest[]> {
  return (await Array.fromAsync(metadata.in({ namespace }).walk())).map(({ digest }) => digest);
}
