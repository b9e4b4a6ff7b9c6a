import type { CopyTarget } from "../../../content/copy.ts";
import type { Digest } from "../../../content/digest.ts";
import type { Labels, Store } from "../../../content/store.ts";
import { digestOf, KiB, noise, put } from "../../suite/support.ts";
import { json, mediaTypes } from "../../support/oci-archive.ts";

/** How something is named, with whatever else an index says of it. */
type Named = CopyTarget & { readonly digest: Digest; readonly size: number; readonly mediaType: string };

/** Store bytes. @returns how a document names them */
export async function putNamed(store: Store, mediaType: string, data: Buffer, labels?: Labels): Promise<Named> {
  const digest = digestOf(data);
  const isThere = await store.info(digest).catch(() => undefined);
  if (isThere === undefined) await put(store, data, labels && { labels });
  return { mediaType, digest, size: data.length };
}

/** Store a document. */
export function putDocument(store: Store, mediaType: string, value: object, labels?: Labels): Promise<Named> {
  return putNamed(store, mediaType, json({ schemaVersion: 2, mediaType, ...value }), labels);
}

/** An image for two platforms, with a statement about the first one. */
export interface TestImage {
  readonly index: Named;
  readonly manifests: Readonly<Record<"amd64" | "arm64" | "statement", Named>>;
  /** Of both, and then their own. */
  readonly layers: readonly [shared: Named, amd64: Named, arm64: Named];
  /** All blobs: 10. */
  readonly all: readonly Digest[];
}

/** Store such an image. @param layerBytes size of each layer; absent: 64 KiB */
export async function putImage(store: Store, layerBytes = 64 * KiB): Promise<TestImage> {
  const all: Digest[] = [];
  const track = (named: Named): Named => {
    all.push(named.digest);
    return named;
  };
  const layer = async (seed: number) => track(await putNamed(store, mediaTypes.layer, noise(layerBytes, seed)));
  const layers = [await layer(1), await layer(2), await layer(3)] as const;

  async function manifest(architecture: string, parts: readonly Named[], rest = {}): Promise<Named> {
    const config = track(await putDocument(store, mediaTypes.config, { os: "linux", architecture }));
    return track(await putDocument(store, mediaTypes.manifest, { config, layers: parts, ...rest }));
  }
  const amd64 = await manifest("amd64", [layers[0], layers[1]]);
  const arm64 = await manifest("arm64", [layers[0], layers[2]]);
  const told = track(await putNamed(store, "application/vnd.in-toto+json", Buffer.from("{}")));
  const statement = await manifest("unknown", [told]);
  const index = track(
    await putDocument(store, mediaTypes.index, {
      manifests: [
        { ...amd64, platform: { os: "linux", architecture: "amd64" } },
        { ...arm64, platform: { os: "linux", architecture: "arm64" } },
        {
          ...statement,
          platform: { os: "unknown", architecture: "unknown" },
          annotations: {
            "vnd.docker.reference.type": "attestation-manifest",
            "vnd.docker.reference.digest": amd64.digest,
          },
        },
      ],
    }),
  );
  return { index, manifests: { amd64, arm64, statement }, layers, all };
}
