"use client";
import { useState } from "react";
import type { ImageRow } from "../../content/catalog.ts";
import { ContentError } from "../../content/errors.ts";
import { validateKey } from "../../content/identifiers.ts";
import { createImage } from "../../content/remote/images.ts";
import { AskDialog, NameField, Options } from "../_catalog/ask-dialog.tsx";
import { namedKey } from "../_live/catalog-events.ts";
import { serverTransport } from "../_live/link.ts";
import { errorText } from "../_ui/error-text.ts";
import { formatBytes, formatCounted } from "../_ui/format.ts";
import { BulkDialog, type ItemResult } from "../_ui/list/bulk-dialog.tsx";
import { needsTyping } from "../_ui/list/chosen.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { ExportDialog } from "./export-dialog.tsx";
import { FetchDialog } from "./fetch-dialog.tsx";
import type { AskedOfImage } from "./image-acts.ts";
import type { NamesLine } from "./image-line.ts";
import styles from "./images.module.css";
import { consequencesOf, untag } from "./untag.ts";

interface ImageDialogProps {
  readonly asked: AskedOfImage;
  /** All images that are here. */
  readonly all: readonly ImageRow[];
  readonly onClose: () => void;
}

/** Asks what is to become of an image, and of its names. */
export function ImageDialog({ asked: { kind, line }, ...rest }: ImageDialogProps) {
  if (kind === "fetch") return <FetchDialog line={line} onClose={rest.onClose} />;
  if (kind === "export") return <ExportDialog line={line} onClose={rest.onClose} />;
  return kind === "tag" ? <TagDialog line={line} {...rest} /> : <UntagDialog line={line} {...rest} />;
}

interface LineDialogProps extends Omit<ImageDialogProps, "asked"> {
  readonly line: NamesLine;
}

function TagDialog({ line: { namespace, repository, images }, all, onClose }: LineDialogProps) {
  const [{ image }] = images;
  const start = repository === "" ? "" : `${repository}:`;
  const [name, setName] = useState(start);
  const fault = faultOf(name, start, (text) =>
    all.some((row) => row.namespace === namespace && row.image.name === text),
  );
  return (
    <AskDialog
      title="Tag this image"
      act="Tag"
      isReady={fault === undefined}
      onClose={onClose}
      onAct={async () => {
        const { labels, target } = image;
        await createImage(serverTransport(), { namespace }, { name: name.trim(), labels, target });
      }}
    >
      <p>
        One more name for <code>{visibleText(image.name)}</code> in namespace {namespace}. No byte is copied.
      </p>
      <NameField
        label="New name"
        value={name}
        fault={fault}
        hint="Such as registry.example/app:1.5"
        onChange={setName}
      />
    </AskDialog>
  );
}

/** Why an image cannot have a name; empty where that need not be said; absent when it can. */
function faultOf(text: string, start: string, isTaken: (name: string) => boolean): string | undefined {
  const name = text.trim();
  if (name === "" || name === start) return "";
  if (isTaken(name)) return "There is an image of this name: untag it first";
  try {
    validateKey(name, "image name");
    return /\s/.test(name) ? "A name has no spaces" : undefined;
  } catch (error) {
    return error instanceof ContentError ? error.message : String(error);
  }
}

function UntagDialog({ line, all, onClose }: LineDialogProps) {
  const { images } = line;
  const [name, setName] = useState(images[0].image.name);
  const row = images.find(({ image }) => image.name === name) ?? images[0];
  return (
    <AskDialog
      title={images.length > 1 ? "Untag one name of this image" : "Untag this image"}
      act="Untag"
      isDanger
      onClose={onClose}
      onAct={async () => {
        await untag(row);
      }}
    >
      {images.length > 1 ? (
        <Options
          legend="The name that goes"
          options={images.map(({ image }) => ({ value: image.name, label: <code>{visibleText(image.name)}</code> }))}
          chosen={name}
          onChoose={setName}
        />
      ) : (
        <p>
          <code>{visibleText(name)}</code> in namespace {row.namespace}
        </p>
      )}
      <WordsOf row={row} all={all} />
    </AskDialog>
  );
}

function WordsOf({ row, all }: { readonly row: ImageRow; readonly all: readonly ImageRow[] }) {
  const { stay, elsewhere, freedBytes, sharedBytes } = consequencesOf([row], all);
  if (stay.length > 0) {
    return (
      <p>
        Nothing is freed: {stay.length === 1 ? "another name keeps" : "other names keep"} the same image,{" "}
        {stay.slice(0, 3).map((each, index) => (
          <span key={each}>
            {index > 0 && ", "}
            <code>{visibleText(each)}</code>
          </span>
        ))}
        {stay.length > 3 && ` and ${stay.length - 3} more`}.
      </p>
    );
  }
  if (elsewhere.length > 0) {
    return (
      <p>
        It was the last name of this image in {row.namespace}. Nothing is freed on disk: namespace
        {elsewhere.length === 1 ? "" : "s"} {elsewhere.join(", ")} {elsewhere.length === 1 ? "has" : "have"} it too.
      </p>
    );
  }
  return (
    <p>
      It is the last name of this image. The next collection frees <b>{formatBytes(freedBytes)}</b> that no other image
      leads to, where no lease holds them.
      {sharedBytes > 0 && (
        <>
          {" "}
          <b>{formatBytes(sharedBytes)}</b> stay: other images lead there.
        </>
      )}
    </p>
  );
}

interface BulkUntagProps {
  readonly lines: readonly NamesLine[];
  readonly all: readonly ImageRow[];
  /** @param left keys of the lines that are left to be tried again; absent: nothing was done */
  readonly onClose: (left?: ReadonlySet<string>) => void;
}

/** Asks before many names go, removes them, and says what became of each. */
export function BulkUntag({ lines, all, onClose }: BulkUntagProps) {
  // What is asked about is what is done; the list behind the dialog goes on.
  const [asked] = useState({ rows: lines.flatMap(({ images }) => images), lines, all });
  const parts = asked.lines.map(({ images }) => consequencesOf(images, asked.all));
  const freed = parts.reduce((sum, { freedBytes }) => sum + freedBytes, 0);
  return (
    <BulkDialog
      title={`Untag ${formatCounted(asked.rows.length, "name")}?`}
      act="Untag"
      done="untagged"
      already="were gone"
      noun="name"
      items={asked.rows}
      isDanger
      isTyped={needsTyping({ count: asked.rows.length, bytes: freed })}
      keyOf={keyOf}
      nameOf={({ image }) => <code>{visibleText(image.name)}</code>}
      tellEach={(row, result) => <Each row={row} result={result} />}
      run={untag}
      onClose={(failed) => onClose(failed && new Set(failed.map(keyOf)))}
    >
      <p>
        All names of {formatCounted(asked.lines.length, "image")} go. Blobs stay until the next collection, which frees
        at least <b>{formatBytes(freed)}</b>, where no lease holds them; what the images share with each other alone
        comes on top.
      </p>
    </BulkDialog>
  );
}

const keyOf = ({ namespace, image }: ImageRow) => namedKey(namespace, image.name);

function Each({ row: { image, namespace }, result }: { readonly row: ImageRow; readonly result: ItemResult }) {
  return (
    <div className={styles.line}>
      <code>{visibleText(image.name)}</code>
      <span className="muted">{namespace}</span>
      {result === "done" && <span className="ok">untagged</span>}
      {result === "already" && <span className="muted">was gone</span>}
      {typeof result === "object" && <span className="danger">{errorText(result.error)}</span>}
    </div>
  );
}
