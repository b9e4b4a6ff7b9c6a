import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { createClient } from "@connectrpc/connect";
import type { ImageSchema } from "../../gen/containerd/services/images/v1/images_pb.js";
import { Images } from "../../gen/containerd/services/images/v1/images_pb.js";
import type { Image, ImageDraft } from "../image.ts";
import { imageFromWire, int64ToWire } from "../wire.ts";
import type { CallScope, LeftOut } from "./call.ts";
import { answerOf, headersOf, readable, wanted } from "./call.ts";

/** What a name stands for (containerd's Images.Get). @throws `not-found` */
export async function getImage(
  transport: Transport,
  scope: CallScope,
  name: string,
  signal?: AbortSignal,
): Promise<Image> {
  const client = createClient(Images, transport);
  return wanted(
    (await answerOf(client.get({ name }, { headers: headersOf(scope), signal }), signal)).image,
    imageFromWire,
  );
}

/**
 * The images of a namespace, in the order of their names (containerd's Images.List).
 *
 * @param filters as of Store.walk, over `name`, `target.digest`, `target.mediatype` and labels; none: all
 * @param leftOut told of an image that cannot be read, and is left out; absent: its error is thrown
 * @throws `invalid-argument` for a filter that does not parse
 */
export async function listImages(
  transport: Transport,
  scope: CallScope,
  filters: readonly string[] = [],
  signal?: AbortSignal,
  leftOut?: LeftOut,
): Promise<readonly Image[]> {
  const client = createClient(Images, transport);
  const request = { filters: [...filters] };
  const { images } = await answerOf(client.list(request, { headers: headersOf(scope), signal }), signal);
  return readable(images, imageFromWire, leftOut);
}

/**
 * Give a name to a blob, as a tag does (containerd's Images.Create).
 *
 * @throws `already-exists` where the name is taken; `invalid-argument` for what is no image
 */
export async function createImage(
  transport: Transport,
  scope: CallScope,
  draft: ImageDraft,
  signal?: AbortSignal,
): Promise<Image> {
  const client = createClient(Images, transport);
  const call = client.create({ image: draftToWire(draft) }, { headers: headersOf(scope), signal });
  return wanted((await answerOf(call, signal)).image, imageFromWire);
}

/**
 * Change what `fieldpaths` names of an image (containerd's Images.Update): `labels`, `labels.KEY` (an empty value removes
 * it), `target`.
 *
 * @param fieldpaths none: everything but its name and times
 * @throws `not-found`; `invalid-argument` for what is no image, or no fieldpath
 */
export async function updateImage(
  transport: Transport,
  scope: CallScope,
  draft: ImageDraft,
  fieldpaths: readonly string[],
  signal?: AbortSignal,
): Promise<Image> {
  const client = createClient(Images, transport);
  const mask = fieldpaths.length > 0 && { updateMask: { paths: [...fieldpaths] } };
  const call = client.update({ image: draftToWire(draft), ...mask }, { headers: headersOf(scope), signal });
  return wanted((await answerOf(call, signal)).image, imageFromWire);
}

/**
 * Remove a name, never its blob (containerd's Images.Delete).
 *
 * @param options sync: the answer comes after a collection that began after the name was gone; absent: it comes at once
 * @throws `not-found`
 */
export async function deleteImage(
  transport: Transport,
  scope: CallScope,
  name: string,
  { sync = false, signal }: { readonly sync?: boolean; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const client = createClient(Images, transport);
  await answerOf(client.delete({ name, sync }, { headers: headersOf(scope), signal }), signal);
}

function draftToWire({ name, labels, target }: ImageDraft): MessageInitShape<typeof ImageSchema> {
  const { mediaType, digest, size, annotations } = target;
  return {
    name,
    labels: { ...labels },
    target: { mediaType, digest, size: int64ToWire(size, "size"), annotations: { ...annotations } },
  };
}
