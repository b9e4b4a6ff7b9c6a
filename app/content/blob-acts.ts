import { ArrowUpRight, Copy, Download, Trash2 } from "lucide-react";
import { ctrActs } from "../_catalog/ctr-act.ts";
import type { RowAct } from "../_catalog/row-act.ts";
import type { BlobRow } from "../_live/blobs.ts";
import { ctrGet } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import { download } from "../_ui/download.ts";
import { blobHref } from "./columns.tsx";

/** What can be done with a blob; of one that is gone, its digest is copied. */
export function actsOfBlob(
  { row, goneAt }: BlobRow,
  open: (href: string) => void,
  onDelete: () => void,
): readonly RowAct[] {
  const { namespace, info } = row;
  const { digest } = info;
  const copy: RowAct = {
    key: "copy",
    label: "Copy digest",
    icon: Copy,
    shortcut: "c",
    run: () => void copyText(digest, "digest"),
  };
  if (goneAt !== undefined) return [copy];
  return [
    { key: "open", label: "Open page", icon: ArrowUpRight, run: () => open(blobHref(row)) },
    copy,
    ...ctrActs((socket) => ctrGet({ socket, namespace }, digest)),
    { key: "download", label: "Download", icon: Download, shortcut: "d", run: () => download(namespace, digest) },
    {
      key: "delete",
      label: "Delete…",
      icon: Trash2,
      shortcut: "Delete",
      isDanger: true,
      needs: "change",
      run: onDelete,
    },
  ];
}
