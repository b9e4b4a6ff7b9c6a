"use client";
import { ArrowUpRight, Copy, Download, Terminal, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";
import { Suspense, useMemo } from "react";
import type { Blob } from "../../content/remote/events.ts";
import { socketHere } from "../_live/socket.ts";
import { filterItems, menuLabels } from "../_query/filter-items.ts";
import { ctrGet } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import { download } from "../_ui/download.ts";
import { Menu } from "../_ui/popups/index.ts";
import type { MenuItem } from "../_ui/popups/menu.tsx";
import { blobHref } from "./columns.tsx";
import { tokensOf } from "./row-tokens.ts";

/** A menu of a row: what it is about, and where it hangs. */
export interface RowMenuAt {
  readonly kind: "acts" | "filter" | "exclude";
  readonly blob: Blob;
  readonly element: HTMLElement;
}

interface RowMenuProps {
  readonly at: RowMenuAt;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly onDelete: () => void;
  readonly onClose: () => void;
}

/** Everything that can be done with a row, or asked by it. */
export function RowMenu({ at, query, onQuery, onDelete, onClose }: RowMenuProps) {
  const router = useRouter();
  const anchor = useMemo(() => ({ current: at.element }), [at.element]);
  const isExcluded = at.kind === "exclude";
  const filters = filterItems(tokensOf(at.blob), { target: "blobs", query, isExcluded, onQuery });
  const acts = actsOf(at.blob, (href) => router.push(href), onDelete);
  return (
    <Suspense fallback={null}>
      <Menu
        anchor={anchor}
        label={menuLabels[at.kind]}
        onClose={onClose}
        groups={at.kind === "acts" ? [acts.slice(0, -1), filters, acts.slice(-1)] : [filters]}
      />
    </Suspense>
  );
}

function actsOf(blob: Blob, open: (href: string) => void, onDelete: () => void): readonly MenuItem[] {
  const { namespace, info } = blob;
  const socket = socketHere();
  const ctr = socket && {
    key: "ctr",
    label: "Copy ctr line",
    note: "C",
    icon: Terminal,
    onSelect: () => void copyText(ctrGet({ socket, namespace }, info.digest), "ctr line"),
  };
  return [
    { key: "open", label: "Open page", icon: ArrowUpRight, onSelect: () => open(blobHref(blob)) },
    {
      key: "copy",
      label: "Copy digest",
      note: "c",
      icon: Copy,
      onSelect: () => void copyText(info.digest, "digest"),
    },
    ...(ctr ? [ctr] : []),
    { key: "download", label: "Download", note: "d", icon: Download, onSelect: () => download(namespace, info.digest) },
    {
      key: "delete",
      label: "Delete…",
      note: "Del",
      icon: Trash2,
      isDanger: true,
      needs: "change",
      onSelect: onDelete,
    },
  ];
}
