"use client";
import { Braces, ChevronDown, Download, Table } from "lucide-react";
import { Suspense } from "react";
import type { EventQuery } from "../_live/events.ts";
import { Button } from "../_ui/button.tsx";
import { save } from "../_ui/download.ts";
import { Menu } from "../_ui/popups/index.ts";
import { useOpener } from "../_ui/use-opener.ts";
import { exportHref } from "./event-words.ts";

/** Saves what matches as a file. */
export function ExportMenu({ query }: { readonly query: EventQuery }) {
  const { anchor, isOpen, toggle, close } = useOpener();
  return (
    <>
      <Button
        ref={anchor}
        icon={Download}
        iconAfter={ChevronDown}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={toggle}
      >
        Export
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <Menu
            anchor={anchor}
            label="Export"
            align="end"
            onClose={close}
            groups={[
              [
                { key: "csv", label: "Export CSV", icon: Table, onSelect: () => save(exportHref("csv", query)) },
                {
                  key: "ndjson",
                  label: "Export NDJSON",
                  icon: Braces,
                  onSelect: () => save(exportHref("ndjson", query)),
                },
              ],
            ]}
          />
        </Suspense>
      )}
    </>
  );
}
