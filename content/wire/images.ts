import { create } from "@bufbuild/protobuf";
import type { Image as WireImage } from "../../gen/containerd/services/images/v1/images_pb.js";
import { ImageSchema } from "../../gen/containerd/services/images/v1/images_pb.js";
import type { Image, ImageDraft } from "../image.ts";
import { parseDigest } from "../parse-digest.ts";
import { int64FromWire, int64ToWire, timeFromWire, timeToWire, unknownTime } from "./scalars.ts";

/** An Image for the wire. @throws `invalid-argument` for a size that is no safe integer */
export function imageToWire({ name, labels, target, createdAt, updatedAt }: Image): WireImage {
  const { mediaType, digest, size, annotations } = target;
  return create(ImageSchema, {
    name,
    labels: { ...labels },
    target: { mediaType, digest, size: int64ToWire(size, "size"), annotations: { ...annotations } },
    createdAt: timeToWire(createdAt),
    updatedAt: timeToWire(updatedAt),
  });
}

/**
 * What the wire says of an image; what is absent is empty, or 0.
 *
 * @throws `invalid-argument` for a size beyond 2^53-1
 */
export function imageDraftFromWire(image: WireImage | undefined): ImageDraft {
  const { mediaType = "", digest = "", size = 0n, annotations = {} } = image?.target ?? {};
  return {
    name: image?.name ?? "",
    labels: image?.labels ?? {},
    target: { mediaType, digest, size: int64FromWire(size, "size"), annotations },
  };
}

/** An Image of the wire. @throws `invalid-argument` for a digest that does not parse, a size beyond 2^53-1 */
export function imageFromWire(image: WireImage): Image {
  const { name, labels, target } = imageDraftFromWire(image);
  const createdAt = timeFromWire(image.createdAt) ?? unknownTime;
  return {
    name,
    labels: { ...labels },
    target: { ...target, annotations: { ...target.annotations }, digest: parseDigest(target.digest) },
    createdAt,
    updatedAt: timeFromWire(image.updatedAt) ?? createdAt,
  };
}
