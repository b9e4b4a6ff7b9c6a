"use client";
import { Contrast } from "lucide-react";
import { Suspense } from "react";
import { IconButton } from "../_ui/button.tsx";
import { useOpener } from "../_ui/use-opener.ts";
import { ThemeMenu } from "./later.ts";

/** Chooses the theme. */
export function ThemeButton({ className }: { readonly className?: string | undefined }) {
  const { anchor, isOpen, toggle, close } = useOpener();
  return (
    <>
      <IconButton
        ref={anchor}
        icon={Contrast}
        label="Theme"
        className={className}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={toggle}
      />
      {isOpen && (
        <Suspense fallback={null}>
          <ThemeMenu anchor={anchor} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
