import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { z } from "zod";
import { ContentError } from "../../content/errors.ts";
import type { Image, ImageDraft } from "../../content/image.ts";
import type { Scope } from "../../content/store.ts";
import { imageDraftFromWire, imageToWire, timeFromWire } from "../../content/wire.ts";
import type { Image as WireImage } from "../../gen/containerd/services/images/v1/images_pb.js";
import { Images } from "../../gen/containerd/services/images/v1/images_pb.js";
import type { Collector } from "../collection/schedule.ts";
import type { ImageStore } from "../metadata/catalog-stores.ts";
import { definePlugin } from "../plugins/plugin.ts";
import type { Service } from "../plugins/service.ts";
import { callKey, scopeOf } from "../policy/call.ts";
import { changeOf, labelChanges } from "../policy/call-audit.ts";
import type { Note } from "../policy/facts.ts";
import { beforeChange, targetText } from "./noting.ts";

/** `containerd.services.images.v1.Images`, as containerd's services/images behaves. */
export function createImagesService(images: ImageStore, collector: Collector): Service {
  const scope = ({ values }: HandlerContext): Scope => scopeOf(values.get(callKey));
  const standing = (context: HandlerContext, name: string) =>
    beforeChange(context.values.get(callKey).note, () => images.get(scope(context).namespace, name));

  const implementation: ServiceImpl<typeof Images> = {
    async get({ name }, context) {
      return { image: imageToWire(await images.get(scope(context).namespace, name)) };
    },

    async list({ filters }, context) {
      const found = await images.list(scope(context).namespace, filters, context.signal);
      return { images: found.map(imageToWire) };
    },

    async create({ image, sourceDateEpoch }, context) {
      const made = await images.create(scope(context), draftOf(image), timeFromWire(sourceDateEpoch));
      noteImage(context, undefined, made);
      return { image: imageToWire(made) };
    },

    async update({ image, updateMask, sourceDateEpoch }, context) {
      const at = timeFromWire(sourceDateEpoch);
      const draft = draftOf(image);
      const before = await standing(context, draft.name);
      const updated = await images.update(scope(context), draft, updateMask?.paths, at);
      noteImage(context, before, updated);
      return { image: imageToWire(updated) };
    },

    async delete({ name, sync, target }, context) {
      noteImage(context, await standing(context, name), undefined);
      await images.delete(scope(context), name, target?.digest);
      context.values.get(callKey).note?.({ done: true });
      if (sync) await collector.collect();
      return create(EmptySchema);
    },
  };

  return { register: (router) => router.service(Images, implementation) };
}

/** What an image is after a change, and what of it is other than before. */
function noteImage({ values }: HandlerContext, before: Image | undefined, after: Image | undefined): void {
  const digest = targetText(after ?? before);
  values.get(callKey).note?.({
    ...(digest !== undefined && { digest }),
    changes: [
      ...changeOf("target", targetText(before), targetText(after)),
      ...labelChanges(before?.labels, after?.labels),
    ],
  } satisfies Parameters<Note>[0]);
}

/** @throws `invalid-argument` for an image without a name, in the service's own words */
function draftOf(image: WireImage | undefined): ImageDraft {
  const draft = imageDraftFromWire(image);
  if (draft.name === "") throw new ContentError("invalid-argument", "Image.Name required");
  return draft;
}

/** Serves `containerd.services.images.v1.Images` over the metadata. */
export const imagesPlugin = definePlugin({
  type: "service",
  id: "images",
  requires: [{ type: "metadata" }, { type: "collector" }],
  config: z.strictObject({}),
  async open(context) {
    return createImagesService(context.get("metadata").images, context.get("collector"));
  },
});
