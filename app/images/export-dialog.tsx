"use client";
import { useState } from "react";
import { AskDialog, Options } from "../_catalog/ask-dialog.tsx";
import { formatBytes, formatCounted } from "../_ui/format.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { exportHref, startDownload } from "./export.ts";
import type { NamesLine } from "./image-line.ts";
import { isIncomplete } from "./kind.ts";

/** All platforms, as an option. */
const all = "";

interface ExportDialogProps {
  readonly line: NamesLine;
  readonly onClose: () => void;
}

/** Asks what of an image is to be downloaded, and under which of its names. */
export function ExportDialog({ line: { namespace, images }, onClose }: ExportDialogProps) {
  const [row] = images;
  const here = row.platforms.filter(({ complete }) => complete).map(({ platform }) => platform);
  const lacking = row.blobsNeeded - row.blobsPresent;
  const choices = [...(isIncomplete(row) ? [] : [all]), ...(here.length === 1 && !isIncomplete(row) ? [] : here)];
  const [name, setName] = useState(row.image.name);
  const [platform, setPlatform] = useState(choices[0]);
  return (
    <AskDialog
      title="Export this image"
      act="Download"
      isReady={platform !== undefined}
      onClose={onClose}
      onAct={() => startDownload(exportHref(namespace, name, platform === all ? undefined : platform))}
    >
      <p>
        <code>{visibleText(row.image.name)}</code> as an archive in OCI’s image layout, which{" "}
        <code>ctr images import</code> and <code>podman load</code> read; with one platform in it{" "}
        <code>docker load</code> does too.
      </p>
      {images.length > 1 && (
        <Options
          name="name"
          legend="Its name in the archive"
          options={images.map(({ image }) => ({ value: image.name, label: <code>{visibleText(image.name)}</code> }))}
          chosen={name}
          onChoose={setName}
        />
      )}
      {choices.length > 1 && (
        <Options
          name="platform"
          legend="Platforms"
          options={choices.map((value) => ({
            value,
            label: value === all ? `all that are here, ${formatBytes(row.bytes)}` : visibleText(value),
          }))}
          chosen={platform ?? all}
          onChoose={setPlatform}
        />
      )}
      {lacking > 0 && (
        <p>
          {formatCounted(lacking, "blob")} of it {lacking === 1 ? "is" : "are"} missing:{" "}
          {here.length === 0
            ? "nothing of it can be exported."
            : `of its platforms, ${here.map(visibleText).join(", ")} can be exported.`}
        </p>
      )}
    </AskDialog>
  );
}
