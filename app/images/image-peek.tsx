"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import type { ImageRow } from "../../content/catalog.ts";
import { LabelFacts, TerminalFacts } from "../_catalog/facts.tsx";
import { PanelActs } from "../_catalog/panel-acts.tsx";
import type { RowAct } from "../_catalog/row-act.ts";
import { ctrImage } from "../_ui/commands.ts";
import { CopyButton } from "../_ui/copy-button.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import { formatBytes, formatCount, formatCounted, formatExactBytes } from "../_ui/format.ts";
import { Fact, FactList, Peek } from "../_ui/list/peek.tsx";
import { Ago } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { Complete } from "./columns.tsx";
import { targetHref } from "./image-acts.ts";
import type { ImageLine, NamesLine } from "./image-line.ts";
import { updatedAtOf } from "./image-line.ts";
import styles from "./images.module.css";
import { isIncomplete } from "./kind.ts";
import { MissingBlobs } from "./missing-blobs.tsx";

interface ImagePeekProps {
  /** Absent: it is not here. */
  readonly line: ImageLine | undefined;
  readonly acts: readonly RowAct[];
  readonly onClose: () => void;
}

/** What is known of an image, beside the list. */
export function ImagePeek({ line, acts, onClose }: ImagePeekProps) {
  if (line?.kind !== "names") {
    return (
      <Peek label="Image" title="It is not here" acts={null} onClose={onClose}>
        <p className="muted">No image has this name now, or it is in a namespace that is not chosen.</p>
      </Peek>
    );
  }
  const [row] = line.images;
  return (
    <Peek
      label="Image"
      title={visibleText(row.image.name)}
      onClose={onClose}
      acts={
        <PanelActs
          acts={acts}
          shown={["open", "tag", "export", "activity", "untag"]}
          primary={isIncomplete(row) ? "fetch" : "open"}
        />
      }
    >
      <FactList>
        {line.goneAt !== undefined && <Fact name="State">untagged</Fact>}
        <Fact name={line.images.length === 1 ? "Name" : "Names"}>
          <ul className={styles.names}>
            {line.images.map(({ image }) => (
              <li key={image.name}>
                <code>{visibleText(image.name)}</code>
                <CopyButton text={image.name} what="name" size="tiny" />
              </li>
            ))}
          </ul>
        </Fact>
        <Fact name="Namespace">{line.namespace}</Fact>
        <Fact name="Target">
          <Link href={targetHref(line)} prefetch={false}>
            <DigestText digest={row.image.target.digest} />
          </Link>
          <div className="muted">{visibleText(row.image.target.mediaType)}</div>
        </Fact>
        <Fact name="Created">
          <Ago at={row.image.createdAt} />
        </Fact>
        <Fact name="Updated">
          <Ago at={updatedAtOf(line)} />
        </Fact>
      </FactList>
      {line.goneAt === undefined && isIncomplete(row) && <MissingBlobs row={row} lineKey={line.key} acts={acts} />}
      <h3>Bytes</h3>
      <BytesOf row={row} line={line} />
      <Platforms row={row} />
      {row.predicateTypes.length > 0 && (
        <>
          <h3>Attestations</h3>
          <ul className={styles.names}>
            {row.predicateTypes.map((type) => (
              <li key={type}>
                <code>{visibleText(type)}</code>
              </li>
            ))}
          </ul>
        </>
      )}
      <LabelFacts labels={row.image.labels} />
      <TerminalFacts lineOf={(socket) => ctrImage({ socket, namespace: line.namespace }, row.image.name)} />
    </Peek>
  );
}

function BytesOf({ row, line }: { readonly row: ImageRow; readonly line: NamesLine }) {
  const { bytes, uniqueBytes, blobsPresent, blobsNeeded, truncated } = row;
  const least = truncated ? "at least " : "";
  return (
    <FactList>
      <Fact name="Blobs">
        <Complete row={row} />
        {isIncomplete(row) && (
          <div className="warn">
            {formatCounted(blobsNeeded - blobsPresent, "blob")} that it needs{" "}
            {blobsNeeded - blobsPresent === 1 ? "is" : "are"} not here
          </div>
        )}
        {truncated && <div className="muted">It is too large to be looked through: all numbers are at least so.</div>}
      </Fact>
      <Fact name="Size">
        {least}
        <Exact bytes={bytes} />
      </Fact>
      <Fact name="Unique">
        {least}
        <Exact bytes={uniqueBytes} />
        <div className="muted">that no image of another digest leads to</div>
      </Fact>
      <Fact name="Shared">
        <Exact bytes={bytes - uniqueBytes} />
        {line.images.length > 1 && (
          <div className="muted">its {formatCount(line.images.length)} names share all of it</div>
        )}
      </Fact>
    </FactList>
  );
}

function Exact({ bytes }: { readonly bytes: number }): ReactNode {
  return (
    <>
      {formatBytes(bytes)} {bytes >= 1024 && <span className="muted">{formatExactBytes(bytes)}</span>}
    </>
  );
}

function Platforms({ row: { platforms } }: { readonly row: ImageRow }) {
  if (platforms.length === 0) return null;
  return (
    <>
      <h3>
        Platforms <span>{formatCount(platforms.length)}</span>
      </h3>
      <FactList>
        {platforms.map(({ platform, complete }) => (
          <Fact key={platform} name={visibleText(platform)}>
            {complete ? "here" : <span className="faint">not here, or not all of it</span>}
          </Fact>
        ))}
      </FactList>
    </>
  );
}
