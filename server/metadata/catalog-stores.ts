import type { Image, ImageDraft } from "../../content/image.ts";
import type { Lease, LeaseResource } from "../../content/lease.ts";
import type { Labels, Scope } from "../../content/store.ts";

/** Namespaces themselves, as containerd's metadata keeps them. */
export interface NamespaceStore {
  /** Labels; `{}` for a name that is not there, as containerd answers. */
  labels(name: string): Promise<Labels>;
  list(): Promise<readonly { readonly name: string; readonly labels: Labels }[]>;
  /** @throws `already-exists`; `invalid-argument` for a bad name or label */
  create(name: string, labels: Labels): Promise<void>;
  /**
   * Replace labels as Store.update does; an unknown namespace is made, as in containerd.
   *
   * @throws `invalid-argument` for a bad name, label or fieldpath
   */
  update(name: string, labels: Labels, fieldpaths?: readonly string[]): Promise<Labels>;
  /**
   * Remove a namespace that holds no images and no blobs, its leases, and its ingests that nobody writes.
   *
   * @throws `not-found`; `failed-precondition` that says what is left in it
   */
  delete(name: string): Promise<void>;
}

/** What clients are still working on, as containerd's metadata keeps it. A namespace that has used one is collected. */
export interface LeaseStore {
  /** @throws `already-exists`; `invalid-argument` for an id or a label that is none */
  create(namespace: string, id: string, labels: Labels): Promise<Lease>;
  /**
   * Set when a lease expires, by its label `containerd.io/gc.expire`.
   *
   * @param expiresAt absent: it does not expire by itself any more
   * @throws `not-found`; `invalid-argument` for a time that is past
   */
  extend(namespace: string, id: string, expiresAt: Date | undefined): Promise<Lease>;
  /** Remove a lease; what it held goes with a later collection. @throws `not-found` */
  delete(namespace: string, id: string): Promise<void>;
  /** Those that match any of the filters (none: all), in the order of ids. @throws `invalid-argument` for a bad filter */
  list(namespace: string, filters?: readonly string[], signal?: AbortSignal): Promise<readonly Lease[]>;
  /** @throws `not-found`; `invalid-argument`, `not-implemented` for a resource that is none */
  addResource(namespace: string, id: string, resource: LeaseResource): Promise<void>;
  /** A resource that the lease does not hold is no error. @throws as addResource */
  deleteResource(namespace: string, id: string, resource: LeaseResource): Promise<void>;
  /** In the order of type and id. @throws `not-found` */
  resources(namespace: string, id: string): Promise<readonly LeaseResource[]>;
}

/** Names for blobs, as containerd's metadata keeps them. A namespace that has used one is collected. */
export interface ImageStore {
  /** @throws `not-found` */
  get(namespace: string, name: string): Promise<Image>;
  /** Those that match any of the filters (none: all), in the order of names. @throws `invalid-argument` for a bad filter */
  list(namespace: string, filters?: readonly string[], signal?: AbortSignal): Promise<readonly Image[]>;
  /**
   * @param at stands for the time of the call
   * @throws `already-exists`; `invalid-argument` for what is no image; `not-found` where one that expires is to join a lease
   * that is not there
   */
  create(scope: Scope, draft: ImageDraft, at?: Date): Promise<Image>;
  /**
   * Change what `fieldpaths` names of an image; see applyImageUpdate.
   *
   * @param at stands for the time of the call
   * @throws `not-found`; as create
   */
  update(scope: Scope, draft: ImageDraft, fieldpaths?: readonly string[], at?: Date): Promise<Image>;
  /** @param target remove it only where it still stands for that digest; empty: whatever it stands for @throws `not-found` */
  delete(scope: Scope, name: string, target?: string): Promise<void>;
}
