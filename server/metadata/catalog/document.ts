import type { Digest } from "../../../content/digest.ts";
import { isDigest } from "../../../content/digest.ts";

/** What a document of an image is: a list of manifests, one image, or how it is to be run. */
export type DocumentKind = "index" | "manifest" | "config";

/** What a document names. */
export interface NamedBlob {
  readonly digest: Digest;
  /** Absent: it is no document. */
  readonly kind?: DocumentKind;
  /** Such as `linux/arm64`; absent: it is not said. */
  readonly platform?: string;
  /** True: a statement about another manifest, and no image; absent: it is none. */
  readonly attests?: true;
  /** What a layer of such a statement tells, such as `https://spdx.dev/Document`; absent: it is none. */
  readonly predicateType?: string;
}

/** What was found in a document; nothing in one that is no JSON, or not what its media type says. */
export interface ImageDocument {
  readonly names: readonly NamedBlob[];
  /** What a config is for; absent: it does not say. */
  readonly platform?: string;
  /** True: it names more blobs than are read. */
  readonly truncated: boolean;
}

/** Blobs of one document that are read. */
const maxNames = 10_000;

/** Characters of a platform, or of a predicate type. */
const maxText = 200;

/** Media types of OCI's image-spec (media-types.md) and of Docker's Image Manifest V2, Schema 2. */
const kinds: Readonly<Record<string, DocumentKind>> = {
  "application/vnd.oci.image.index.v1+json": "index",
  "application/vnd.docker.distribution.manifest.list.v2+json": "index",
  "application/vnd.oci.image.manifest.v1+json": "manifest",
  "application/vnd.docker.distribution.manifest.v2+json": "manifest",
  "application/vnd.oci.image.config.v1+json": "config",
  "application/vnd.docker.container.image.v1+json": "config",
};

/** What a blob of that media type is; absent: no document of an image. */
export function documentKind(mediaType: string): DocumentKind | undefined {
  return Object.hasOwn(kinds, mediaType) ? kinds[mediaType] : undefined;
}

/** What a document names; what it does not say as it should is left out. */
export function parseDocument(bytes: Uint8Array, kind: DocumentKind): ImageDocument {
  const value = fieldsOf(parseJson(bytes));
  if (kind === "config") {
    const platform = platformOf(value);
    return { names: [], truncated: false, ...(platform !== undefined && { platform }) };
  }
  const said = kind === "index" ? listOf(value["manifests"]) : [value["config"], ...listOf(value["layers"])];
  const names = said.slice(0, maxNames).flatMap((each) => named(fieldsOf(each)));
  return { names, truncated: said.length > maxNames };
}

function named(descriptor: Readonly<Record<string, unknown>>): readonly NamedBlob[] {
  const { digest, mediaType, annotations } = descriptor;
  if (typeof digest !== "string" || !isDigest(digest)) return [];
  const kind = typeof mediaType === "string" ? documentKind(mediaType) : undefined;
  const platform = platformOf(fieldsOf(descriptor["platform"]));
  const said = fieldsOf(annotations);
  const predicateType = textOf(said["in-toto.io/predicate-type"]);
  return [
    {
      digest,
      ...(kind && { kind }),
      ...(platform !== undefined && { platform }),
      ...(said["vnd.docker.reference.type"] === "attestation-manifest" && { attests: true }),
      ...(predicateType !== undefined && { predicateType }),
    },
  ];
}

/** As containerd writes a platform: `v8` goes without saying for arm64. Absent for one that is not known. */
function platformOf(value: Readonly<Record<string, unknown>>): string | undefined {
  const os = textOf(value["os"]);
  const architecture = textOf(value["architecture"]);
  if (os === undefined || architecture === undefined || os === "unknown") return undefined;
  const variant = textOf(value["variant"]);
  const isUsual = variant === undefined || (architecture === "arm64" && variant === "v8");
  return [os, architecture, ...(isUsual ? [] : [variant])].join("/");
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A text that people may read; absent: it is none. */
function textOf(value: unknown): string | undefined {
  const isText = typeof value === "string" && value !== "" && value.length <= maxText && !/\p{Cc}/u.test(value);
  return isText ? value : undefined;
}
