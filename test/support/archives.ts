import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { Digest } from "../../content/digest.ts";
import { descriptor, digestOf, json, mediaTypes, tarOf, writeLayout } from "./oci-archive.ts";

/** An image for several platforms in an archive. */
export interface PlatformsArchive {
  readonly index: Digest;
  /** By platform, such as `linux/arm64`. */
  readonly images: Readonly<Record<string, PlatformImage>>;
}

/** The image for one of them. */
export interface PlatformImage {
  readonly manifest: Digest;
  readonly config: Digest;
  /** The first one is the same for all. */
  readonly layers: readonly Digest[];
}

/** A layer that registries do not give out; containerd fetches it from elsewhere, where it is missing. */
const foreignLayer = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip";

/**
 * Write an archive of an image for several platforms, the same bytes each time.
 *
 * @param name of the image, such as `example.com/many:1`
 * @param foreign true: each has a layer besides that may not be distributed
 */
export async function writePlatforms(
  path: string,
  name: string,
  platforms: readonly string[],
  foreign = false,
): Promise<PlatformsArchive> {
  const blobs = new Map<Digest, Buffer>();
  const put = (mediaType: string, data: Buffer) => {
    blobs.set(digestOf(data), data);
    return descriptor(mediaType, data);
  };
  const made = platforms.map((platform) => {
    const [os, architecture] = platform.split("/");
    const texts = ["shared by all", platform, ...(foreign ? ["foreign"] : [])];
    const tars = texts.map((text) => tarOf([[`file-${text.length}`, Buffer.from(text)]]));
    const layers = tars.map((tar, at) => put(at < 2 ? mediaTypes.layer : foreignLayer, gzipSync(tar)));
    const rootfs = { type: "layers", diff_ids: tars.map(digestOf) };
    const config = put(mediaTypes.config, json({ architecture, os, config: {}, rootfs }));
    const parts = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers };
    const manifest = put(mediaTypes.manifest, json(parts));
    return { platform, config, layers, manifest: { ...manifest, platform: { architecture, os } } };
  });
  const manifests = made.map(({ manifest }) => manifest);
  const index = put(mediaTypes.index, json({ schemaVersion: 2, mediaType: mediaTypes.index, manifests }));
  const annotations = { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": "1" };
  const outer = json({ schemaVersion: 2, manifests: [{ ...index, annotations }] });
  await writeLayout(path, outer, [...blobs.values()]);
  const images = made.map(({ platform, manifest, config, layers }) => {
    const digests = layers.map(({ digest }) => digest);
    return [platform, { manifest: manifest.digest, config: config.digest, layers: digests }] as const;
  });
  return { index: index.digest, images: Object.fromEntries(images) };
}

/** Write an archive of a small image as `docker save` does: its layer is not packed. */
export async function writeDockerArchive(path: string, name: string): Promise<void> {
  const layer = tarOf([["content", Buffer.from("docker\n")]]);
  const rootfs = { type: "layers", diff_ids: [digestOf(layer)] };
  const config = json({ architecture: "amd64", os: "linux", config: {}, rootfs });
  const manifest = json([{ Config: "config.json", RepoTags: [name], Layers: ["layer/layer.tar"] }]);
  const files = { "config.json": config, "layer/layer.tar": layer, "manifest.json": manifest };
  await writeFile(path, tarOf(Object.entries(files)));
}
