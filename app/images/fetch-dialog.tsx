"use client";
import { useState } from "react";
import { registryOf } from "../../content/catalog.ts";
import { AskDialog, Options } from "../_catalog/ask-dialog.tsx";
import { useStore } from "../_live/hooks.ts";
import { formatCounted } from "../_ui/format.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { fetchStore, isFetching, startFetch } from "./fetches.ts";
import type { NamesLine } from "./image-line.ts";

interface FetchDialogProps {
  readonly line: NamesLine;
  readonly onClose: () => void;
}

/** Asks whether what an image lacks is to be fetched, and under which of its names. */
export function FetchDialog({ line: { key, namespace, images }, onClose }: FetchDialogProps) {
  const [row] = images;
  const names = images.map(({ image }) => image.name).filter((each) => registryOf(each) !== undefined);
  const [name, setName] = useState(names[0]);
  const host = name === undefined ? undefined : registryOf(name)?.host;
  const isBusy = isFetching(useStore(fetchStore));
  const count = row.blobsNeeded - row.blobsPresent;
  return (
    <AskDialog
      title="Re-fetch what is missing"
      act="Fetch"
      isReady={host !== undefined && !isBusy}
      onClose={onClose}
      onAct={async () => {
        if (name !== undefined && host !== undefined) startFetch(key, namespace, name, host);
      }}
    >
      {host === undefined ? (
        <p>
          <code>{visibleText(row.image.name)}</code> does not say its registry, so that nobody can be asked.
        </p>
      ) : (
        <p>
          The server asks <code>{visibleText(host)}</code> for {formatCounted(count, "blob")}, and for what{" "}
          {count === 1 ? "it leads" : "they lead"} to, without a password. Every byte is held against its digest.
        </p>
      )}
      {names.length > 1 && (
        <Options
          legend="The name that is asked for"
          options={names.map((value) => ({ value, label: <code>{visibleText(value)}</code> }))}
          chosen={name ?? ""}
          onChoose={setName}
        />
      )}
      {isBusy && <p>Another image is being fetched; one at a time.</p>}
    </AskDialog>
  );
}
