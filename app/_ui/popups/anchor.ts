import type { RefObject } from "react";

/** What every popup gets: where it hangs, and how it goes. */
export interface PopupProps {
  /** The element that opened it; the focus returns there. */
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/**
 * Closes a popup; a press on its own opener is left to the opener, which would open it again. Keys close it wherever the focus
 * is: it may not have come into the popup yet.
 */
export function closeUnlessAnchor({ anchor, onClose }: PopupProps) {
  return (isOpen: boolean, { event }: { readonly event: Event }) => {
    const { target } = event;
    const isOwn = target instanceof Node && anchor.current?.contains(target) === true;
    if (!isOpen && (!isOwn || event instanceof KeyboardEvent)) onClose();
  };
}
