"use client";
import { ArrowUpRight, Download } from "lucide-react";
import Link from "next/link";
import { LabelFacts } from "../_catalog/facts.tsx";
import type { BlobRow } from "../_live/blobs.ts";
import { buttonClass } from "../_ui/button.tsx";
import { downloadPath } from "../_ui/commands.ts";
import { DigestText } from "../_ui/digest-text.tsx";
import { formatBytes, formatExactBytes, unknown } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { Fact, FactList, Peek } from "../_ui/list/peek.tsx";
import { Ago } from "../_ui/time.tsx";
import { CopyMenu } from "../blob/copy-menu.tsx";
import { HoldLine } from "../blob/hold-line.tsx";
import { blobHref } from "./columns.tsx";

interface BlobPeekProps {
  readonly row: BlobRow;
  readonly onClose: () => void;
}

/** What is known of the blob at the cursor. */
export function BlobPeek({ row: { row, goneAt }, onClose }: BlobPeekProps) {
  const { namespace, info } = row;
  return (
    <Peek
      label="Blob"
      title={<DigestText digest={info.digest} />}
      onClose={onClose}
      acts={
        goneAt === undefined && (
          <>
            <Link href={blobHref(row)} prefetch={false} className={buttonClass("primary")}>
              <Icon of={ArrowUpRight} /> Open page
            </Link>
            <CopyMenu namespace={namespace} digest={info.digest} />
            <a href={downloadPath(namespace, info.digest)} download className={buttonClass()}>
              <Icon of={Download} /> Download
            </a>
          </>
        )
      }
    >
      <FactList>
        <Fact name="Digest">
          <code>{info.digest}</code>
        </Fact>
        <Fact name="Size">
          {formatBytes(info.size)} {info.size >= 1024 && <span className="muted">{formatExactBytes(info.size)}</span>}
        </Fact>
        <Fact name="Namespace">{namespace}</Fact>
        {goneAt === undefined && (
          <Fact name="Hold">
            <HoldLine namespace={namespace} digest={info.digest} otherwise={unknown} />
          </Fact>
        )}
        <Fact name="Created">{goneAt === undefined ? <Ago at={info.createdAt} /> : "deleted"}</Fact>
        <Fact name="Labels changed">
          <Ago at={info.updatedAt} />
        </Fact>
      </FactList>
      <LabelFacts labels={info.labels} />
    </Peek>
  );
}
