"use client";
import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import { Search } from "lucide-react";
import type { KeyboardEvent } from "react";
import { useEffect, useRef, useState } from "react";
import { formatCounted } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { FocusNow } from "../_ui/popups/focus-now.tsx";
import popups from "../_ui/popups/popup.module.css";
import frame from "./find.module.css";
import type { Found, FoundGroup } from "./found.ts";
import { isNothing } from "./found-groups.ts";
import { FoundItem } from "./found-item.tsx";
import styles from "./palette.module.css";
import { PaletteFoot } from "./palette-foot.tsx";
import { PaletteNotes, PaletteState } from "./palette-state.tsx";
import { rememberFound } from "./recent.ts";
import { longestText } from "./recognize.ts";
import type { FoundView } from "./use-found.ts";
import { useFound } from "./use-found.ts";

/** What the palette is given. */
export interface PaletteProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  /** The row that had the focus; absent: none had. */
  readonly row: HTMLElement | undefined;
  /** The text was entered before the palette was there. */
  readonly isEntered: boolean;
  /** @param then done once the focus is back where it was */
  readonly onClose: (then?: () => void) => void;
}

/** Finds a digest, a ref, a namespace, a page or an act by what is typed, over the page. */
export function Palette({ text, onText, row, isEntered, onClose }: PaletteProps) {
  const view = useFound(text, row);
  const [list, setList] = useState<HTMLDivElement | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const onKeyDown = usePaletteKeys(view, list, isEntered, onClose);

  function choose(found: Found): void {
    rememberFound(found);
    onClose(found.run);
  }

  return (
    <Dialog.Root open onOpenChange={(isOpen) => isOpen || onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={popups.scrim} />
        <Dialog.Popup className={frame.palette} initialFocus={input} finalFocus={false} aria-label="Find">
          <Autocomplete.Root
            inline
            open
            mode="none"
            items={view.groups}
            value={text}
            onValueChange={(next, { reason }) => reason !== "item-press" && onText(next)}
            itemToStringValue={labelOf}
            autoHighlight="always"
            keepHighlight
          >
            <div className={frame.field}>
              <Icon of={Search} />
              <Autocomplete.Input
                ref={input}
                aria-label="Find"
                placeholder="Digest, ref, namespace, page, or a ctr line"
                maxLength={longestText}
                autoCapitalize="off"
                autoComplete="off"
                autoCorrect="off"
                spellCheck={false}
                onKeyDown={onKeyDown}
              />
              <kbd aria-hidden="true">Esc</kbd>
            </div>
            <Autocomplete.Status className="hidden">{statusOf(view)}</Autocomplete.Status>
            <div className={styles.body}>
              <PaletteState view={view} />
              <Autocomplete.List ref={setList} className={styles.list} aria-label="Found">
                {(group: FoundGroup) => (
                  <Autocomplete.Group key={group.heading} items={group.items} className={styles.group}>
                    <Autocomplete.GroupLabel className={styles.heading}>{group.heading}</Autocomplete.GroupLabel>
                    <Autocomplete.Collection>
                      {(found: Found) => <FoundItem key={found.key} found={found} onChoose={choose} />}
                    </Autocomplete.Collection>
                  </Autocomplete.Group>
                )}
              </Autocomplete.List>
              <PaletteNotes notes={view.notes} />
            </div>
            <PaletteFoot
              onPrefix={(prefix) => {
                onText(prefix);
                input.current?.focus();
              }}
            />
          </Autocomplete.Root>
          <FocusNow on={input} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const labelOf = ({ label }: Found) => label;

/** In words, for who does not see the list. */
function statusOf({ wanted, groups, isAsking, error }: FoundView): string {
  if (isAsking) return "Searching";
  if (error !== undefined) return "The server did not answer";
  if (wanted.kind !== "nothing" && isNothing(groups)) return "Nothing found";
  return formatCounted(
    groups.reduce((sum, { items }) => sum + items.length, 0),
    "result",
  );
}

/**
 * Enter opens what is highlighted, with Ctrl or Command in a new tab. While the server is asked about a digest, Enter
 * waits for its answer: who pastes and presses it at once means the blob. So does one that came before the palette.
 */
function usePaletteKeys(
  { isAsking, groups }: FoundView,
  list: HTMLElement | null,
  isEntered: boolean,
  onClose: PaletteProps["onClose"],
) {
  const isWaiting = useRef(isEntered);
  useEffect(() => {
    if (isAsking || list === null || !isWaiting.current) return;
    isWaiting.current = false;
    if (!isNothing(groups)) list.querySelector<HTMLElement>("[role=option]")?.click();
  }, [isAsking, groups, list]);

  return (event: KeyboardEvent & { preventBaseUIHandler: () => void }) => {
    isWaiting.current = event.key === "Enter" && isAsking;
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    const isNewTab = event.metaKey || event.ctrlKey;
    if (!isWaiting.current && !isNewTab) return;
    event.preventDefault();
    event.preventBaseUIHandler();
    const link = list?.querySelector<HTMLAnchorElement>("a[data-highlighted]");
    if (!isNewTab || !link || isWaiting.current) return;
    window.open(link.href, "_blank", "noopener");
    onClose();
  };
}
