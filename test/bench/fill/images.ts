import { createHash } from "node:crypto";
import type { Digest } from "../../../content/digest.ts";
import { Instant } from "../../../content/instant.ts";
import { makeDigest } from "../../../content/parse-digest.ts";
import type { Info, Labels } from "../../../content/store.ts";

/** A blob with its bytes, and the namespaces that hold it: one at least, each once. */
export interface FilledBlob {
  readonly info: Info;
  readonly data: Uint8Array;
  readonly namespaces: readonly string[];
}

/** What the blobs are made of. The same options give the same blobs. */
export interface ImagesOptions {
  /** Blobs, all images together. */
  readonly count: number;
  /** Makes bytes that another seed does not make. */
  readonly seed: string;
  /** No blob is newer, and none is more than 90 days older. */
  readonly until: Date;
}

type Role = "manifest" | "config" | "layer";

/** The blobs of an image, the manifest first. */
const roles: readonly Role[] = ["manifest", "config", "layer", "layer", "layer", "layer", "layer"];

/** Sizes of blobs in bytes, from and to. */
const [smallest, largest] = [32, 2000];

const spreadMicros = 90 * 24 * 3600 * 1e6;

/** Time from the first blob of an image to its last. */
const pullMicros = 40e6;

/** Namespaces, the first ones as often as they are named. */
const namespaces = ["k8s.io", "k8s.io", "k8s.io", "k8s.io", "moby", "moby", "buildkit", "default", "team-a", "ci"];

/** Where images come from: a registry's label and a repository. */
const sources = [
  ["docker.io", "library/nginx"],
  ["docker.io", "library/postgres"],
  ["docker.io", "library/node"],
  ["docker.io", "grafana/grafana"],
  ["ghcr.io", "fluxcd/source-controller"],
  ["ghcr.io", "example/payments"],
  ["quay.io", "prometheus/prometheus"],
  ["quay.io", "jetstack/cert-manager-controller"],
  ["registry.k8s.io", "kube-apiserver"],
  ["registry.k8s.io", "pause"],
] as const;

/** Images one after the other, the last one cut short where the count asks for it. */
export function* imagesOf({ count, seed, until }: ImagesOptions): Generator<readonly FilledBlob[]> {
  const untilMicros = until.getTime() * 1000;
  for (let made = 0, number = 0; made < count; number++) {
    const parts = roles.slice(0, count - made);
    yield imageOf(createDraw(`${seed} ${number}`), parts, untilMicros);
    made += parts.length;
  }
}

function imageOf(draw: Draw, parts: readonly Role[], untilMicros: number): FilledBlob[] {
  const held = namespacesFrom(draw);
  const [registry, repository] = draw.oneOf(sources);
  const pulledAt = untilMicros - pullMicros - Math.floor(draw.fraction() * (spreadMicros - pullMicros));
  const files = parts.map(() => {
    const data = draw.bytes(smallest + Math.floor(draw.fraction() * (largest - smallest + 1)));
    return { data, digest: sha256Of(data), createdAt: pulledAt + Math.floor(draw.fraction() * pullMicros) };
  });
  const digests = files.map(({ digest }) => digest);
  return files.map(({ data, digest, createdAt }, index) => {
    const labels = labelsOf(parts[index] ?? "layer", index === 0 ? digests : [], draw);
    const labelled =
      draw.fraction() < 0.1 ? createdAt + Math.floor(draw.fraction() * (untilMicros - createdAt)) : createdAt;
    const info: Info = {
      digest,
      size: data.length,
      createdAt: new Instant(createdAt),
      updatedAt: new Instant(labelled),
      labels: { ...labels, [`containerd.io/distribution.source.${registry}`]: repository },
    };
    return { info, data, namespaces: held };
  });
}

/** One namespace for nine images of ten, two or three for the others. */
function namespacesFrom(draw: Draw): readonly string[] {
  const share = draw.fraction();
  const wanted = share < 0.9 ? 1 : share < 0.98 ? 2 : 3;
  const held = new Set<string>();
  while (held.size < wanted) held.add(draw.oneOf(namespaces));
  return [...held];
}

/** Labels as containerd sets them when it pulls and unpacks. @param all the image's digests, the manifest's first */
function labelsOf(role: Role, all: readonly Digest[], draw: Draw): Labels {
  if (role === "config") return { "containerd.io/gc.ref.snapshot.overlayfs": randomDigest(draw) };
  if (role === "layer") return { "containerd.io/uncompressed": randomDigest(draw) };
  const [, config, ...layers] = all;
  const refs = layers.map((layer, index) => [`containerd.io/gc.ref.content.l.${index}`, layer]);
  if (config !== undefined) refs.unshift(["containerd.io/gc.ref.content.config", config]);
  return Object.fromEntries(refs) as Labels;
}

function randomDigest(draw: Draw): Digest {
  return makeDigest("sha256", draw.bytes(32).toString("hex"));
}

function sha256Of(data: Uint8Array): Digest {
  return makeDigest("sha256", createHash("sha256").update(data).digest("hex"));
}

/** Chance that is the same for the same seed. */
interface Draw {
  bytes(length: number): Buffer;
  /** From 0 on, below 1. */
  fraction(): number;
  oneOf<T>(list: readonly T[]): T;
}

/** More than an image of the largest blobs needs. */
const drawnBytes = (roles.length + 1) * largest;

function createDraw(seed: string): Draw {
  const drawn = createHash("shake128", { outputLength: drawnBytes }).update(seed).digest();
  let taken = 0;
  const bytes = (length: number): Buffer => drawn.subarray(taken, (taken += length));
  const fraction = (): number => bytes(4).readUInt32LE() / 2 ** 32;
  return { bytes, fraction, oneOf: (list) => list[Math.floor(fraction() * list.length)] as (typeof list)[number] };
}
