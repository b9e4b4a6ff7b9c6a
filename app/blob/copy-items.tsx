"use client";
import { Copy, Link2, Terminal } from "lucide-react";
import type { RefObject } from "react";
import type { Digest } from "../../content/digest.ts";
import { storeHref } from "../_live/here.ts";
import { useSocket } from "../_live/socket.ts";
import { ctrContent, curlBlob } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import { Menu } from "../_ui/popups/index.ts";

interface CopyItemsProps {
  readonly namespace: string;
  readonly digest: Digest;
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** What can be copied of a blob: its digest, a link, lines for a terminal. */
export function CopyItems({ namespace, digest, anchor, onClose }: CopyItemsProps) {
  const socket = useSocket();
  const { origin } = window.location;
  const href = storeHref(`${origin}/blob?ns=${encodeURIComponent(namespace)}&d=${digest}`);
  const item = (key: string, label: string, icon: typeof Copy, text: string) => ({
    key,
    label,
    icon,
    onSelect: () => void copyText(text, label),
  });
  const ctr = socket === undefined ? undefined : ctrContent({ socket, namespace });
  return (
    <Menu
      anchor={anchor}
      label="Copy"
      align="end"
      onClose={onClose}
      groups={[
        [item("digest", "Digest", Copy, digest), item("link", "Link", Link2, href)],
        [
          ...(ctr === undefined
            ? []
            : [
                item("get", "ctr content get", Terminal, `${ctr} get ${digest}`),
                item("label", "ctr content label", Terminal, `${ctr} label ${digest} key=value`),
                item("rm", "ctr content rm", Terminal, `${ctr} rm ${digest}`),
              ]),
          item("curl", "curl", Terminal, curlBlob(origin, namespace, digest)),
        ],
      ]}
    />
  );
}
