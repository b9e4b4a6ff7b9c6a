"use client";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { announce } from "./announcer.tsx";
import { IconButton } from "./button.tsx";

interface CopyButtonProps {
  readonly text: string;
  /** What is copied, such as `digest`. */
  readonly what: string;
  readonly size?: "small" | "tiny";
  readonly tabIndex?: number;
  readonly className?: string | undefined;
}

/** How long a copy is confirmed, in milliseconds. */
const confirmedMs = 1500;

/** Puts a text on the clipboard and says so. @returns false where the browser does not let it */
export async function copyText(text: string, what: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    announce(`The browser does not let this page copy the ${what}`);
    return false;
  }
  announce(`Copied ${what}`);
  return true;
}

/** Copies a text, and shows for a moment that it did. */
export function CopyButton({ text, what, size = "small", tabIndex, className }: CopyButtonProps) {
  const [done, setDone] = useState<string>();
  useEffect(() => {
    if (done === undefined) return;
    const timer = setTimeout(() => setDone(undefined), confirmedMs);
    return () => clearTimeout(timer);
  }, [done]);
  // A row of a list can come to show another one.
  const isDone = done === text;
  return (
    <IconButton
      icon={isDone ? Check : Copy}
      label={isDone ? "Copied" : `Copy ${what}`}
      size={size}
      tabIndex={tabIndex}
      className={className}
      onClick={(event) => {
        event.stopPropagation();
        void copyText(text, what).then((isCopied) => setDone(isCopied ? text : undefined));
      }}
    />
  );
}
