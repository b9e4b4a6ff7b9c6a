import type { Digest } from "./digest.ts";
import type { Image } from "./image.ts";
import type { Lease } from "./lease.ts";
import type { Labels } from "./store.ts";

/** A platform that an image names. */
export interface ImagePlatform {
  /** Such as `linux/amd64` or `linux/arm/v7`. */
  readonly platform: string;
  /** Its manifest and all that this names are there. */
  readonly complete: boolean;
}

/** An image in a namespace, with what it means for the bytes. */
export interface ImageRow {
  readonly namespace: string;
  readonly image: Image;
  /** Each once, sorted; none for what is no image of a platform. */
  readonly platforms: readonly ImagePlatform[];
  /** Distinct blobs that it needs and that the namespace has. */
  readonly blobsPresent: number;
  /** Distinct blobs that it needs, as far as the manifests that are there tell; at least 1. */
  readonly blobsNeeded: number;
  /** Of those that are there. */
  readonly bytes: number;
  /** Of these, bytes that no image with another target leads to, in any namespace. */
  readonly uniqueBytes: number;
  /** Predicate types of its attestations, sorted. */
  readonly predicateTypes: readonly string[];
  /** True: it is larger than what a server walks; counts and bytes are at least what they say. */
  readonly truncated: boolean;
}

/** What the images of a repository are together. */
export interface RepositoryRow {
  readonly namespace: string;
  /** What repositoryOf tells of the names of its images. */
  readonly repository: string;
  /** 0: it has none any more. */
  readonly images: number;
  /** Each blob once. */
  readonly bytes: number;
  /** Bytes by which the sum over its distinct targets is more than that. */
  readonly overlapBytes: number;
}

/** A lease in a namespace, with what it holds. */
export interface LeaseRow {
  readonly namespace: string;
  readonly lease: Lease;
  /** Absent: it never expires by itself. */
  readonly expiresAt?: Date;
  /** Resources that it names, whether they are there or not. */
  readonly blobs: number;
  readonly ingests: number;
  readonly images: number;
  readonly snapshots: number;
  /** Of its ingests, those that a writer holds. */
  readonly activeIngests: number;
  /** What it keeps weighs this; absent while that is worked out. */
  readonly weight?: {
    readonly bytes: number;
    /** Of these, bytes that nothing else keeps. */
    readonly onlyBytes: number;
  };
}

/** A namespace with what is in it. */
export interface NamespaceRow {
  readonly name: string;
  readonly labels: Labels;
  readonly blobs: number;
  readonly bytes: number;
  /** Of these, bytes that no other namespace has. */
  readonly onlyBytes: number;
  readonly images: number;
  readonly leases: number;
  readonly ingests: number;
  /** What nothing holds in it is collected. */
  readonly collected: boolean;
  /** It is a daemon's, which says what goes from it, and does not tell here what it still needs. Never together with `collected`. */
  readonly untold: boolean;
}

/** Something that stays of itself, and that leads to a blob. */
export interface Holder {
  readonly kind: "image" | "lease" | "root" | "ingest";
  /** Name of the image, id of the lease, digest of the root, ref of the ingest. */
  readonly key: string;
  /** Steps from there to the blob; 1: it is named itself. */
  readonly distance: number;
}

/**
 * What keeps a blob. `doomed`: nothing does, the next collection takes it. `kept`: nothing does, but nothing is collected there.
 * `untold`: nothing does that is told here (NamespaceRow.untold).
 */
export interface Hold {
  readonly state: "held" | "doomed" | "kept" | "untold";
  readonly holders: readonly Holder[];
  /** False: there are more holders, or the way up was too long to be followed to its end. */
  readonly complete: boolean;
}

/** What is in trouble in some namespaces, in numbers. */
export interface Trouble {
  /** Leases that never expire and are older than a day. */
  readonly leakedLeases: number;
  /** False: there are more leases than were looked at; the number is at least so. */
  readonly isComplete: boolean;
}

/** A blob that an image needs and its namespace does not have. */
export interface MissingBlob {
  readonly digest: Digest;
  /** Empty where what names it does not say. */
  readonly mediaType: string;
  /** Bytes, as what names it says; 0 where it does not. */
  readonly size: number;
  /** Platforms that need it, 10 at most; none: it belongs to no platform. */
  readonly platforms: readonly string[];
}

/** What an image lacks. */
export interface Missing {
  /** The first of them, 100 at most, in the order in which the image leads to them. */
  readonly blobs: readonly MissingBlob[];
  /** How many there are in all. */
  readonly count: number;
  /** As ImageRow.truncated. */
  readonly truncated: boolean;
}

/** How far the fetch of what an image lacks is. */
export interface FetchProgress {
  /** The registry that is asked. */
  readonly host: string;
  /** Blobs that came, of those that are known to be missing or were so. */
  readonly blobsDone: number;
  readonly blobs: number;
  /** Their bytes, in the same way. */
  readonly bytesDone: number;
  readonly bytes: number;
  /** True: nothing is missing any more. */
  readonly complete: boolean;
}

/** The repository of an image's name: what stands before its digest and its tag. */
export function repositoryOf(name: string): string {
  return partsOfName(name).repository;
}

/** An image's name as repository, tag and digest; tag and digest are empty where there are none. */
export function partsOfName(name: string): {
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
} {
  const at = name.indexOf("@");
  const named = at < 0 ? name : name.slice(0, at);
  const digest = at < 0 ? "" : name.slice(at + 1);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  if (colon < 0) return { repository: named, tag: "", digest };
  return { repository: named.slice(0, colon), tag: named.slice(colon + 1), digest };
}

const repositoryPattern = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

/**
 * The registry that an image's name names, such as `registry.example:5000`, and its repository there (distribution's reference/reference.go);
 * undefined for a name without a registry.
 */
export function registryOf(name: string): { readonly host: string; readonly repository: string } | undefined {
  const full = repositoryOf(name);
  const slash = full.indexOf("/");
  const [host, repository] = [full.slice(0, slash), full.slice(slash + 1)];
  const isHost =
    slash > 0 && (/[.:]/.test(host) || host === "localhost") && URL.parse(`http://${host}`)?.pathname === "/";
  return isHost && repositoryPattern.test(repository) ? { host, repository } : undefined;
}
