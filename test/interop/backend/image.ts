import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "../../../content/digest.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import { run } from "../../support/run.ts";

/** An image in an archive. */
export interface ImageArchive {
  /** The archive, in the layout of an OCI image. */
  readonly file: string;
  /** Manifest, config and layers. */
  readonly digests: readonly Digest[];
}

/** This machine's processor, as Go calls it. */
const architecture = process.arch === "x64" ? "amd64" : process.arch;

/**
 * Make an archive of an image for this machine with one layer for each text, which is the content of a file of it.
 *
 * @param folder to work in; nobody else does
 * @param name of the image, such as `docker.io/library/app:1`
 */
export async function makeImageArchive(
  folder: string,
  name: string,
  layers: readonly (string | Uint8Array)[],
): Promise<ImageArchive> {
  const layout = join(folder, "layout");
  await mkdir(join(layout, "blobs", "sha256"), { recursive: true });
  const digests: Digest[] = [];

  async function put(mediaType: string, bytes: Uint8Array) {
    const hex = createHash("sha256").update(bytes).digest("hex");
    await writeFile(join(layout, "blobs", "sha256", hex), bytes);
    const digest = makeDigest("sha256", hex);
    digests.push(digest);
    return { mediaType, digest, size: bytes.length };
  }
  const putJson = (mediaType: string, value: unknown) => put(mediaType, Buffer.from(JSON.stringify(value)));

  const layerTypes = [];
  for (const [index, content] of layers.entries()) {
    const tree = join(folder, `tree-${index}`);
    await mkdir(tree);
    await writeFile(join(tree, `file-${index}`), content);
    layerTypes.push(await put("application/vnd.oci.image.layer.v1.tar", await archive(folder, tree)));
  }
  const config = await putJson("application/vnd.oci.image.config.v1+json", {
    architecture,
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: layerTypes.map(({ digest }) => digest) },
  });
  const manifest = await putJson("application/vnd.oci.image.manifest.v1+json", {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config,
    layers: layerTypes,
  });
  const annotations = { "io.containerd.image.name": name };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, annotations }] };
  await writeFile(join(layout, "index.json"), JSON.stringify(index));
  await writeFile(join(layout, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
  const file = join(folder, "image.tar");
  await writeFile(file, await archive(folder, layout));
  return { file, digests };
}

async function archive(folder: string, tree: string): Promise<Uint8Array> {
  const file = join(folder, "archive.tar");
  const { status, stderr } = await run("tar", ["--create", "--file", file, "--directory", tree, "."]);
  if (status !== 0) throw new Error(`tar: ${stderr}`);
  return await readFile(file);
}
