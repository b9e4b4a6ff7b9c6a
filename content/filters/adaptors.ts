import type { Image } from "../image.ts";
import type { Lease } from "../lease.ts";
import type { Info, Labels, Status } from "../store.ts";

/** The fields of a thing, by path; absent where it has no such field. */
export type Adaptor = (fieldpath: readonly string[]) => string | undefined;

/**
 * The fields of a blob: `digest`, `labels.KEY`, whose parts are joined by dots (containerd's content/adaptor.go), and
 * more than containerd has: `size` in bytes, and `namespace` where it is given.
 */
export function blobAdaptor(info: Info, namespace?: string): Adaptor {
  return ([field, ...path]) => {
    switch (field) {
      case "digest":
        return info.digest;
      case "size":
        return String(info.size);
      case "labels":
        return labelAt(info.labels, path);
      case "namespace":
        return namespace;
      default:
        return undefined;
    }
  };
}

/**
 * The fields of an ingest: `ref` (containerd's metadata/adaptors.go), and more than containerd has: `namespace` where
 * it is given.
 */
export function statusAdaptor(status: Pick<Status, "ref">, namespace?: string): Adaptor {
  return ([field]) => {
    switch (field) {
      case "ref":
        return status.ref;
      case "namespace":
        return namespace;
      default:
        return undefined;
    }
  };
}

/** The fields of a lease: `id`, `labels.KEY` (containerd's metadata/adaptors.go). */
export function leaseAdaptor({ id, labels }: Lease): Adaptor {
  return ([field, ...path]) => {
    switch (field) {
      case "id":
        return id;
      case "labels":
        return labelAt(labels, path);
      default:
        return undefined;
    }
  };
}

/**
 * The fields of an image: `name`, `target.digest`, `target.mediatype`, `labels.KEY`, `annotations.KEY` (containerd's
 * metadata/adaptors.go).
 */
export function imageAdaptor({ name, labels, target }: Image): Adaptor {
  return ([field, ...path]) => {
    switch (field) {
      case "name":
        return name;
      case "target":
        return targetField(target, path[0]);
      case "labels":
        return labelAt(labels, path);
      case "annotations":
        return labelAt(target.annotations, path);
      default:
        return undefined;
    }
  };
}

function targetField({ digest, mediaType }: Image["target"], field: string | undefined): string | undefined {
  if (field === "digest") return digest;
  return field === "mediatype" ? mediaType : undefined;
}

function labelAt(labels: Labels, path: readonly string[]): string | undefined {
  const key = path.join(".");
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
