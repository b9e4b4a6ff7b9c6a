import type { Digest } from "../../../content/digest.ts";
import { isLayerType } from "../../../content/references.ts";
import type { ImagePart } from "../../catalog/images/parts.ts";
import type { CatalogReads } from "../../metadata/metadata.ts";

/** The one image of an archive, as Docker's own archives name it. */
export interface DockerImage {
  readonly config: Digest;
  /** From the lowest one on; one may come more than once. */
  readonly layers: readonly Digest[];
}

/**
 * The image that those find in an archive who read Docker's archives and no layouts, as `docker load` did for ten years
 * (moby/moby image/tarexport/load.go). They know no platforms.
 *
 * @param parts of the archive; all of them are there
 * @returns absent where it has several images, or none that can be run
 */
export async function dockerImageIn(
  catalog: Pick<CatalogReads, "bytesOf" | "parse">,
  parts: readonly ImagePart[],
): Promise<DockerImage | undefined> {
  const [manifest, ...others] = parts.filter(({ kind, attests }) => kind === "manifest" && attests !== true);
  const bytes = manifest && others.length === 0 ? await catalog.bytesOf(manifest.digest) : undefined;
  if (bytes === undefined) return undefined;
  const { names } = await catalog.parse(bytes, "manifest");
  const config = names.find(({ kind }) => kind === "config")?.digest;
  const layers = names.filter(({ digest }) => digest !== config);
  if (config === undefined || !layers.every(({ mediaType }) => isLayerType(mediaType))) return undefined;
  return { config, layers: layers.map(({ digest }) => digest) };
}
