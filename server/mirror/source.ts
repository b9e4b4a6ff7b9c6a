import type { Image, ImageDraft } from "../../content/image.ts";
import type { Lease, LeaseResource } from "../../content/lease.ts";
import type { Labels, Scope, Store } from "../../content/store.ts";

/** A namespace of a source. */
export interface SourceNamespace {
  readonly name: string;
  readonly labels: Labels;
}

/** Changes of namespaces; each as NamespaceStore has it. */
export interface NamespaceChanges {
  create(name: string, labels: Labels, signal: AbortSignal): Promise<void>;
  update(name: string, labels: Labels, fieldpaths: readonly string[], signal: AbortSignal): Promise<void>;
  delete(name: string, signal: AbortSignal): Promise<void>;
}

/** Changes of images; each as ImageStore has it. */
export interface ImageChanges {
  create(scope: Scope, draft: ImageDraft, signal: AbortSignal): Promise<Image>;
  update(scope: Scope, draft: ImageDraft, fieldpaths: readonly string[], signal: AbortSignal): Promise<Image>;
  delete(scope: Scope, name: string, signal: AbortSignal): Promise<void>;
}

/** Changes of leases; each as LeaseStore has it. */
export interface LeaseChanges {
  create(namespace: string, id: string, labels: Labels, signal: AbortSignal): Promise<Lease>;
  delete(namespace: string, id: string, signal: AbortSignal): Promise<void>;
  addResource(namespace: string, id: string, resource: LeaseResource, signal: AbortSignal): Promise<void>;
  deleteResource(namespace: string, id: string, resource: LeaseResource, signal: AbortSignal): Promise<void>;
}

/** The images of a source. */
export interface SourceImages {
  /** Those of a namespace, in any order. */
  list(namespace: string, signal: AbortSignal): AsyncIterable<Image>;
  /** Absent: they cannot be changed. */
  readonly changes?: ImageChanges;
}

/** The leases of a source. */
export interface SourceLeases {
  /** Those of a namespace, in any order. */
  list(namespace: string, signal: AbortSignal): AsyncIterable<Lease>;
  /** What a lease holds, in any order. @throws `not-found` where it went meanwhile */
  resources(namespace: string, id: string, signal: AbortSignal): AsyncIterable<LeaseResource>;
  /** Absent: they cannot be changed. */
  readonly changes?: LeaseChanges;
}

/**
 * What somebody else keeps, and a mirror shows: a daemon, a folder.
 *
 * Nothing of it is believed: what does not parse is left out by whoever looks at it, and every call that takes too long is given up,
 * with its signal. Errors are ContentErrors; anything else that is thrown counts as `unavailable`.
 */
export interface MirrorSource extends AsyncDisposable {
  /** Where it is, for people and without secrets, such as `unix:/run/containerd/containerd.sock`; a mirror of another target is none of this one. */
  readonly target: string;
  /** True: what nothing leads to goes there by itself, as in a containerd. */
  readonly collects: boolean;
  /** Namespaces of which it does not tell what it still needs, and from which things go all the same; absent: none. */
  readonly untold?: ReadonlySet<string>;
  /** Why it can never be changed, for people; absent: it can, where that is allowed. */
  readonly unchangeable?: string;
  /** Ask for nothing but an answer, cheaply. @returns what it says of its version; absent: nothing */
  ping(signal: AbortSignal): Promise<string | undefined>;
  namespaces(signal: AbortSignal): Promise<readonly SourceNamespace[]>;
  /** Absent: they cannot be changed. */
  readonly namespaceChanges?: NamespaceChanges;
  /**
   * The content of a namespace; cheap, one is made for each call. Its blobs are walked in the order of digests, or all but some are:
   * the others take memory.
   */
  in(scope: Scope): Store;
  /** Absent: it has none. */
  readonly images?: SourceImages;
  /** Absent: it has none. */
  readonly leases?: SourceLeases;
  /** Says each time that something may have changed, while somebody watches; absent: it never says so. It may end, or fail, at any time. */
  hints?(signal: AbortSignal): AsyncIterable<void>;
}
