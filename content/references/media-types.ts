/** What a document of an image is: a list of manifests, one image or artifact, or how an image is to be run. */
export type DocumentKind = "index" | "manifest" | "config";

/** Media types of OCI's image-spec (media-types.md) and of Docker's Image Manifest V2, Schema 2. */
const kinds: Readonly<Record<string, DocumentKind>> = {
  "application/vnd.oci.image.index.v1+json": "index",
  "application/vnd.docker.distribution.manifest.list.v2+json": "index",
  "application/vnd.oci.image.manifest.v1+json": "manifest",
  "application/vnd.docker.distribution.manifest.v2+json": "manifest",
  "application/vnd.oci.artifact.manifest.v1+json": "manifest",
  "application/vnd.oci.image.config.v1+json": "config",
  "application/vnd.docker.container.image.v1+json": "config",
};

/** What a blob of that media type is; absent: no document of an image. */
export function documentKind(mediaType: string): DocumentKind | undefined {
  return Object.hasOwn(kinds, mediaType) ? kinds[mediaType] : undefined;
}

const dockerLayer = /^application\/vnd\.docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.gzip)?(?:\+|$)/;

/** True for a layer of a file system (containerd's images/mediatypes.go), other than what else stands among layers. */
export function isLayerType(mediaType: string): boolean {
  return mediaType.startsWith("application/vnd.oci.image.layer.") || dockerLayer.test(mediaType);
}

/** The ref under which containerd writes a blob that it pulls (its remotes/handlers.go, MakeRefKey): `layer-sha256:…`. */
export function refKey({ digest, mediaType = "" }: { readonly digest: string; readonly mediaType?: string }): string {
  const kind = documentKind(mediaType) ?? (isLayerType(mediaType) ? "layer" : "unknown");
  return `${kind}-${digest}`;
}
