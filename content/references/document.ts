import type { Digest } from "../digest.ts";
import { isDigest } from "../digest.ts";
import type { Fields } from "./json.ts";
import { fieldsOf, isObject, listOf, parseJson, sizeOf, textOf } from "./json.ts";
import type { DocumentKind } from "./media-types.ts";
import { documentKind } from "./media-types.ts";
import { platformOf } from "./platform.ts";

/** Limits of what is read of documents; what people make is a hundredth of it. */
export const documentLimits = {
  /** Bytes of a document. */
  bytes: 8 * 1024 * 1024,
  /** Blobs that one document names. */
  references: 10_000,
} as const;

/** A blob that a document names, as far as it says so. */
export interface Reference {
  /** What it is there: `subject` is what an artifact is about, and need not be stored anywhere. */
  readonly role: "manifest" | "config" | "layer" | "subject";
  readonly digest: Digest;
  /** Empty where it does not say. */
  readonly mediaType: string;
  /** Bytes; 0 where it does not say. */
  readonly size: number;
  /** Absent: it is no document. */
  readonly kind?: DocumentKind;
  /** Such as `linux/arm64`; absent: it does not say. */
  readonly platform?: string;
  /** True: a statement about another manifest, and no image; absent: it is none. */
  readonly attests?: true;
  /** The manifest that such a statement is about; absent: it does not say. */
  readonly about?: Digest;
  /** What a layer of such a statement tells, such as `https://spdx.dev/Document`; absent: it is none. */
  readonly predicateType?: string;
}

/** What was found in a document. */
export interface ImageDocument {
  /** Config first, then layers or manifests in their order, the subject last. */
  readonly references: readonly Reference[];
  /** What it says that it is; absent: it does not. */
  readonly mediaType?: string;
  /** What a config is for; absent: it does not say. */
  readonly platform?: string;
  /** True: it names more blobs than are read. */
  readonly truncated: boolean;
  /** What about it is not as it should be, the first of that; absent: nothing. What is wrong is left out. */
  readonly fault?: string;
}

/**
 * What a document names (OCI image-spec manifest.md and image-index.md; Docker's Image Manifest V2, Schema 2). Nothing about it
 * is believed: what is not as it should be is left out and told as the fault, as is a document that could be read as two
 * kinds (CVE-2021-41190).
 *
 * @param kind what its media type says, see documentKind
 */
export function parseDocument(bytes: Uint8Array, kind: DocumentKind): ImageDocument {
  if (bytes.length > documentLimits.bytes) return { references: [], truncated: true };
  const value = parseJson(bytes);
  if (!isObject(value)) return { references: [], truncated: false, fault: "it is no JSON object" };
  if (kind === "config") {
    const platform = platformOf(value);
    return { references: [], truncated: false, ...(platform !== undefined && { platform }) };
  }
  const said = kind === "index" ? saidByIndex(value) : saidByManifest(value);
  const named = said.slice(0, documentLimits.references).map(({ role, at, value: each }) => readNamed(role, at, each));
  const fault = faultOf(value, kind) ?? named.find((each) => each.fault !== undefined)?.fault;
  const mediaType = textOf(value["mediaType"]);
  return {
    references: named.flatMap(({ reference }) => reference ?? []),
    truncated: said.length > documentLimits.references,
    ...(mediaType !== undefined && { mediaType }),
    ...(fault !== undefined && { fault }),
  };
}

/** A descriptor, and where it stands. */
interface Said {
  readonly role: Reference["role"];
  /** Such as `layers[3]`. */
  readonly at: string;
  readonly value: unknown;
}

function saidByIndex(value: Fields): readonly Said[] {
  return [...saidInList("manifest", value, "manifests"), ...saidOnce("subject", value)];
}

function saidByManifest(value: Fields): readonly Said[] {
  const layers = [...saidInList("layer", value, "layers"), ...saidInList("layer", value, "blobs")];
  return [...saidOnce("config", value), ...layers, ...saidOnce("subject", value)];
}

function saidInList(role: Reference["role"], value: Fields, field: string): readonly Said[] {
  return listOf(value[field]).map((each, index) => ({ role, at: `${field}[${index}]`, value: each }));
}

function saidOnce(role: "config" | "subject", value: Fields): readonly Said[] {
  const each = value[role];
  return each === undefined || each === null ? [] : [{ role, at: role, value: each }];
}

function readNamed(
  role: Reference["role"],
  at: string,
  value: unknown,
): { readonly reference?: Reference; readonly fault?: string } {
  const fields = fieldsOf(value);
  const digest = fields["digest"];
  if (typeof digest !== "string" || !isDigest(digest)) return { fault: `${at} has no digest` };
  const size = sizeOf(fields["size"]);
  const mediaType = textOf(fields["mediaType"]) ?? "";
  const kind = documentKind(mediaType);
  const platform = platformOf(fieldsOf(fields["platform"]));
  const reference = {
    role,
    digest,
    mediaType,
    size: size ?? 0,
    ...(kind && { kind }),
    ...(platform !== undefined && { platform }),
    ...saidByAnnotations(fieldsOf(fields["annotations"])),
  };
  return { reference, ...(size === undefined && { fault: `${at} has no size` }) };
}

/** BuildKit's statements (its docs/attestations/attestation-storage.md). */
function saidByAnnotations(annotations: Fields): Pick<Reference, "attests" | "about" | "predicateType"> {
  const predicateType = textOf(annotations["in-toto.io/predicate-type"]);
  const about = annotations["vnd.docker.reference.digest"];
  const attests = annotations["vnd.docker.reference.type"] === "attestation-manifest";
  return {
    ...(attests && { attests }),
    ...(attests && typeof about === "string" && isDigest(about) && { about }),
    ...(predicateType !== undefined && { predicateType }),
  };
}

/** Why a document is not what it was named as. */
function faultOf(value: Fields, kind: "index" | "manifest"): string | undefined {
  const said = value["mediaType"];
  const saidKind = typeof said === "string" ? documentKind(said) : undefined;
  if (saidKind !== undefined && saidKind !== kind) return `it says that it is of the kind ${saidKind}`;
  const foreign = kind === "index" ? ["config", "layers", "fsLayers"] : ["manifests", "fsLayers"];
  const field = foreign.find((name) => isThere(value[name]));
  return field === undefined ? undefined : `it has ${field}`;
}

function isThere(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
