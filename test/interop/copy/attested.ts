import { gzipSync } from "node:zlib";
import type { Digest } from "../../../content/digest.ts";
import { noise } from "../../suite/support.ts";
import { descriptor, digestOf, json, mediaTypes, tarOf, writeLayout } from "../../support/oci-archive.ts";

/** An image for several platforms with what BuildKit states about each, in an archive. */
export interface AttestedArchive {
  /** All blobs but the list of the archive itself. */
  readonly blobs: readonly Digest[];
  /** The layer that all platforms share, which does not shrink by packing. */
  readonly largeLayer: { readonly mediaType: string; readonly digest: Digest; readonly size: number };
}

/**
 * Write such an archive, the same bytes each time.
 *
 * @param name of the image, such as `example.com/attested:1`
 * @param largeBytes of the file in the layer that all share
 */
export async function writeAttested(
  path: string,
  name: string,
  platforms: readonly string[],
  largeBytes: number,
): Promise<AttestedArchive> {
  const blobs = new Map<Digest, Buffer>();
  const put = (mediaType: string, data: Buffer) => {
    blobs.set(digestOf(data), data);
    return descriptor(mediaType, data);
  };
  const putJson = (mediaType: string, value: object) => put(mediaType, json(value));
  const largeTar = tarOf([["large", noise(largeBytes)]]);
  const largeLayer = put(mediaTypes.layer, gzipSync(largeTar, { level: 1 }));

  function image(platform: string) {
    const [os, architecture] = platform.split("/");
    const own = tarOf([["platform", Buffer.from(platform)]]);
    const layers = [largeLayer, put(mediaTypes.layer, gzipSync(own))];
    const rootfs = { type: "layers", diff_ids: [largeTar, own].map(digestOf) };
    const config = putJson(mediaTypes.config, { architecture, os, config: {}, rootfs });
    const parts = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers };
    return { ...putJson(mediaTypes.manifest, parts), platform: { architecture, os } };
  }

  function statement(about: Digest) {
    const told = { _type: "https://in-toto.io/Statement/v0.1", subject: [{ name: "image", digest: about }] };
    const layer = {
      ...putJson("application/vnd.in-toto+json", told),
      annotations: { "in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2" },
    };
    const rootfs = { type: "layers", diff_ids: [layer.digest] };
    const config = putJson(mediaTypes.config, { architecture: "unknown", os: "unknown", config: {}, rootfs });
    const parts = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers: [layer] };
    return {
      ...putJson(mediaTypes.manifest, parts),
      platform: { architecture: "unknown", os: "unknown" },
      annotations: { "vnd.docker.reference.digest": about, "vnd.docker.reference.type": "attestation-manifest" },
    };
  }

  const images = platforms.map(image);
  const manifests = [...images, ...images.map(({ digest }) => statement(digest))];
  const index = putJson(mediaTypes.index, { schemaVersion: 2, mediaType: mediaTypes.index, manifests });
  const annotations = { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": "1" };
  const outer = json({ schemaVersion: 2, manifests: [{ ...index, annotations }] });
  await writeLayout(path, outer, [...blobs.values()]);
  return { blobs: [...blobs.keys()], largeLayer };
}
