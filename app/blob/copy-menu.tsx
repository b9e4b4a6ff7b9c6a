"use client";
import { ChevronDown } from "lucide-react";
import { lazy, Suspense } from "react";
import type { Digest } from "../../content/digest.ts";
import { Button } from "../_ui/button.tsx";
import { patiently } from "../_ui/popups/patiently.ts";
import { useOpener } from "../_ui/use-opener.ts";

const CopyItems = lazy(patiently(async () => ({ default: (await import("./copy-items.tsx")).CopyItems })));

interface CopyMenuProps {
  readonly namespace: string;
  readonly digest: Digest;
}

/** Opens what can be copied of a blob. */
export function CopyMenu({ namespace, digest }: CopyMenuProps) {
  const { anchor, isOpen, toggle, close } = useOpener();
  return (
    <>
      <Button ref={anchor} iconAfter={ChevronDown} aria-haspopup="menu" aria-expanded={isOpen} onClick={toggle}>
        Copy
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <CopyItems namespace={namespace} digest={digest} anchor={anchor} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
