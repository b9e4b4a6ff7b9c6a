"use client";
import type { ImageRow, MissingBlob } from "../../content/catalog.ts";
import { PanelActs } from "../_catalog/panel-acts.tsx";
import type { RowAct } from "../_catalog/row-act.ts";
import { storeHere } from "../_live/here.ts";
import { useStore } from "../_live/hooks.ts";
import { CopyButton } from "../_ui/copy-button.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import { formatBytes, formatCount, formatCounted, unknown } from "../_ui/format.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { shortPlatform } from "./attested.ts";
import { FetchProgress } from "./fetch-progress.tsx";
import { fetchStore, isFetching } from "./fetches.ts";
import styles from "./images.module.css";
import { useMissing } from "./use-missing.ts";

interface MissingBlobsProps {
  /** Of an image that is incomplete. */
  readonly row: ImageRow;
  /** The key of its line. */
  readonly lineKey: string;
  readonly acts: readonly RowAct[];
}

/** The blobs that an image lacks, each with what needs it, and the way to get them. */
export function MissingBlobs({ row, lineKey, acts }: MissingBlobsProps) {
  const fetch = useStore(fetchStore);
  const own = fetch?.key === lineKey && fetch.store === storeHere() ? fetch : undefined;
  const { missing, problem } = useMissing(row);
  const count = missing?.count ?? row.blobsNeeded - row.blobsPresent;
  const rest = missing === undefined ? 0 : missing.count - missing.blobs.length;
  return (
    <>
      <h3>
        Missing <span>{formatCount(count)}</span>
      </h3>
      {own && <FetchProgress view={own} />}
      {!isFetching(own) && (
        <div className={styles.refetch}>
          <PanelActs acts={acts} shown={["fetch"]} primary="fetch" />
        </div>
      )}
      {problem !== undefined && <p className="muted">Which ones could not be told: {problem}</p>}
      <ul className={styles.missing} aria-label="Missing blobs">
        {missing?.blobs.map((blob) => (
          <MissingLine key={blob.digest} blob={blob} />
        ))}
      </ul>
      {rest > 0 && <p className="muted">and {formatCounted(rest, "blob")} more</p>}
    </>
  );
}

function MissingLine({ blob: { digest, mediaType, size, platforms } }: { readonly blob: MissingBlob }) {
  const type = mediaType === "" ? "type not said" : visibleText(mediaType);
  return (
    <li>
      <span>
        <DigestText digest={digest} />
        <CopyButton text={digest} what="digest" size="tiny" />
      </span>
      <span>{size === 0 ? unknown : formatBytes(size)}</span>
      <span className="muted">
        {type}
        {platforms.length > 0 && ` · ${platforms.map((each) => visibleText(shortPlatform(each))).join(", ")}`}
      </span>
    </li>
  );
}
