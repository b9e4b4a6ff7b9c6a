import { CloudDownload, Copy, Download, Fingerprint, Layers, Tag, Trash2 } from "lucide-react";
import { activityAct } from "../_catalog/activity-act.ts";
import { ctrActs } from "../_catalog/ctr-act.ts";
import type { RowAct } from "../_catalog/row-act.ts";
import { storeHref } from "../_live/here.ts";
import { ctrImage } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import type { ImageLine, NamesLine } from "./image-line.ts";
import { isIncomplete } from "./kind.ts";

/** What a dialog asks about an image. */
export interface AskedOfImage {
  readonly kind: "tag" | "untag" | "export" | "fetch";
  readonly line: NamesLine;
}

/** The page of an image's target. */
export function targetHref({ namespace, images: [{ image }] }: NamesLine): string {
  return storeHref(`/blob?ns=${encodeURIComponent(namespace)}&d=${encodeURIComponent(image.target.digest)}`);
}

/** What can be done with an image; with what is gone, ask who did it; nothing with a heading. */
export function actsOfImage(
  line: ImageLine,
  ask: (asked: AskedOfImage) => void,
  open: (href: string) => void,
): readonly RowAct[] {
  if (line.kind !== "names") return [];
  const { namespace, images } = line;
  const [{ image }] = images;
  const activity = activityAct(namespace, { kind: "image", name: image.name }, open);
  if (line.goneAt !== undefined) return [activity];
  const fetchAct: RowAct = {
    key: "fetch",
    label: "Re-fetch missing…",
    icon: CloudDownload,
    needs: "change",
    run: () => ask({ kind: "fetch", line }),
  };
  return [
    { key: "tag", label: "Tag…", icon: Tag, shortcut: "t", needs: "change", run: () => ask({ kind: "tag", line }) },
    { key: "export", label: "Export…", icon: Download, shortcut: "d", run: () => ask({ kind: "export", line }) },
    ...(isIncomplete(images[0]) ? [fetchAct] : []),
    { key: "open", label: "Open target", icon: Layers, run: () => open(targetHref(line)) },
    { key: "name", label: "Copy name", icon: Copy, run: () => void copyText(image.name, "name") },
    {
      key: "digest",
      label: "Copy digest",
      icon: Fingerprint,
      shortcut: "c",
      run: () => void copyText(image.target.digest, "digest"),
    },
    ...ctrActs((socket) => ctrImage({ socket, namespace }, image.name)),
    activity,
    {
      key: "untag",
      label: "Untag…",
      icon: Trash2,
      shortcut: "Delete",
      isDanger: true,
      needs: "change",
      run: () => ask({ kind: "untag", line }),
    },
  ];
}
