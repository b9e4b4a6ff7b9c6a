"use client";
import { ChevronDown, Copy, Link2, Terminal } from "lucide-react";
import { Suspense } from "react";
import type { Digest } from "../../content/digest.ts";
import { storeHref } from "../_live/here.ts";
import { useSocket } from "../_live/socket.ts";
import { Button } from "../_ui/button.tsx";
import { ctrContent, curlBlob } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import { Menu } from "../_ui/popups/index.ts";
import { useOpener } from "../_ui/use-opener.ts";

interface CopyMenuProps {
  readonly namespace: string;
  readonly digest: Digest;
}

/** What can be copied of a blob: its digest, a link, lines for a terminal. */
export function CopyMenu({ namespace, digest }: CopyMenuProps) {
  const { anchor, isOpen, toggle, close } = useOpener();
  const socket = useSocket();
  const origin = isOpen ? window.location.origin : "";
  const href = storeHref(`${origin}/blob?ns=${encodeURIComponent(namespace)}&d=${digest}`);
  const item = (key: string, label: string, icon: typeof Copy, text: string) => ({
    key,
    label,
    icon,
    onSelect: () => void copyText(text, label),
  });
  const ctr = socket === undefined ? undefined : ctrContent({ socket, namespace });
  return (
    <>
      <Button ref={anchor} iconAfter={ChevronDown} aria-haspopup="menu" aria-expanded={isOpen} onClick={toggle}>
        Copy
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <Menu
            anchor={anchor}
            label="Copy"
            align="end"
            onClose={close}
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
        </Suspense>
      )}
    </>
  );
}
