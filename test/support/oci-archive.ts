import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { Digest } from "../../content/digest.ts";
import { makeDigest } from "../../content/parse-digest.ts";

/** An image in an archive. */
export interface ArchivedImage {
  readonly manifest: Digest;
  readonly config: Digest;
  readonly layer: Digest;
}

/** Media types of what an image is made of. */
export const mediaTypes = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
} as const;

/** Bytes of a block of a tar file. */
const block = 512;

/**
 * Write an archive of one small image, as `ctr images import` reads it, the same bytes each time.
 *
 * @param name of the image, such as `example.com/tiny:1`
 * @param content of the one file in its one layer; images of different contents share no blob
 */
export async function writeArchive(path: string, name: string, content: string): Promise<ArchivedImage> {
  const tar = tarOf([["content", Buffer.from(content)]]);
  const layer = gzipSync(tar);
  const config = json({
    architecture: "amd64",
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: [digestOf(tar)] },
  });
  const manifest = json({
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: descriptor(mediaTypes.config, config),
    layers: [descriptor(mediaTypes.layer, layer)],
  });
  const annotations = { "io.containerd.image.name": name, "org.opencontainers.image.ref.name": "1" };
  const platform = { architecture: "amd64", os: "linux" };
  const index = json({
    schemaVersion: 2,
    manifests: [{ ...descriptor(mediaTypes.manifest, manifest), annotations, platform }],
  });

  await writeLayout(path, index, [layer, config, manifest]);
  return { manifest: digestOf(manifest), config: digestOf(config), layer: digestOf(layer) };
}

/** Write an archive in the layout of OCI images. @param index what its `index.json` says */
export async function writeLayout(path: string, index: Buffer, blobs: readonly Buffer[]): Promise<void> {
  const named = blobs.map((data) => [`blobs/sha256/${digestOf(data).slice(7)}`, data] as const);
  const layout = json({ imageLayoutVersion: "1.0.0" });
  await writeFile(path, tarOf([["oci-layout", layout], ["index.json", index], ...named]));
}

/** A tar of files by name, the same bytes each time. */
export function tarOf(files: readonly (readonly [name: string, data: Buffer])[]): Buffer {
  return Buffer.concat([...files.map(([name, data]) => entry(name, data)), Buffer.alloc(2 * block)]);
}

/** Bytes of a value as JSON. */
export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** How something in an image is named. */
export function descriptor(mediaType: string, data: Buffer) {
  return { mediaType, digest: digestOf(data), size: data.length };
}

/** The digest of bytes. */
export function digestOf(data: Buffer): Digest {
  return makeDigest("sha256", createHash("sha256").update(data).digest("hex"));
}

/** One file of a tar (POSIX ustar). */
function entry(name: string, data: Buffer): Buffer {
  const header = Buffer.alloc(block);
  const put = (text: string, offset: number): void => void header.write(text, offset, "latin1");
  const octal = (value: number, digits: number): string => value.toString(8).padStart(digits, "0");
  put(name, 0);
  put(octal(0o644, 7), 100);
  put(octal(0, 7), 108);
  put(octal(0, 7), 116);
  put(octal(data.length, 11), 124);
  put(octal(0, 11), 136);
  put(" ".repeat(8), 148);
  put("0", 156);
  put("ustar\0" + "00", 257);
  put(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
    148,
  );
  return Buffer.concat([header, data, Buffer.alloc((block - (data.length % block)) % block)]);
}
