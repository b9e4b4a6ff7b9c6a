"use client";
import { Download, Trash2 } from "lucide-react";
import Link from "next/link";
import { parseAsString, useQueryStates } from "nuqs";
import type { ReactNode } from "react";
import { lazy, Suspense, useEffect, useState } from "react";
import type { Digest } from "../../content/digest.ts";
import { algorithmOf, digestFault, isDigest } from "../../content/digest.ts";
import type { Info } from "../../content/store.ts";
import { storeHref } from "../_live/here.ts";
import { useSocket } from "../_live/socket.ts";
import { useScope } from "../_shell/scope.ts";
import { announce } from "../_ui/announcer.tsx";
import { Button, buttonClass } from "../_ui/button.tsx";
import { ctrGet, downloadPath } from "../_ui/commands.ts";
import { CopyButton, copyText } from "../_ui/copy-button.tsx";
import { ShortHex, shortHex } from "../_ui/digest-text.tsx";
import { download } from "../_ui/download.ts";
import { Glyph } from "../_ui/glyph.tsx";
import { Icon } from "../_ui/icon.tsx";
import { PageHead } from "../_ui/page-head.tsx";
import { patiently } from "../_ui/popups/patiently.ts";
import { useShortcut } from "../_ui/shortcuts.ts";
import { Bar, CratesDrawing, ErrorState, State } from "../_ui/states.tsx";
import type { Doomed } from "../content/confirm-delete.tsx";
import { ConfirmDelete } from "../content/later.ts";
import styles from "./blob.module.css";
import { CopyMenu } from "./copy-menu.tsx";
import { Facts } from "./facts.tsx";
import { Labels } from "./labels.tsx";
import { Raw } from "./raw.tsx";
import { useBlob } from "./use-blob.ts";

const ObjectActivity = lazy(
  patiently(async () => ({ default: (await import("../activity/object-activity.tsx")).ObjectActivity })),
);

const params = { ns: parseAsString.withDefault(""), d: parseAsString.withDefault("") };

/** One blob: `d` is its digest, `ns` the namespace; without it, the first that holds it. */
export function BlobPage() {
  const [{ ns, d }] = useQueryStates(params);
  if (isDigest(d)) return <KnownDigest key={d} digest={d} namespace={ns} />;
  return (
    <>
      <PageHead title={<Crumbs />} name="Blob" />
      <State title={d === "" ? "This address names no blob" : "This is no digest"} acts={<ContentLink />}>
        {d === "" ? (
          "A blob's address has its digest, as in ?ns=default&d=sha256:…"
        ) : (
          <>
            <code>{d.slice(0, 200)}</code>: {digestFault(d)}
          </>
        )}
      </State>
    </>
  );
}

function ContentLink() {
  const { hrefOf } = useScope();
  return (
    <Link className={buttonClass()} href={hrefOf("/content")}>
      All content
    </Link>
  );
}

function Crumbs({ digest }: { readonly digest?: Digest }) {
  const { hrefOf } = useScope();
  return (
    <span className={styles.crumbs}>
      <Link href={hrefOf("/content")} className={styles.crumb}>
        Content
      </Link>
      <span className={styles.slash}>/</span>
      {digest === undefined ? (
        "Blob"
      ) : (
        <span className={styles.digest}>
          <Glyph digest={digest} isLarge />
          <span data-tip={digest}>
            <span className="faint">{algorithmOf(digest)}:</span>
            <ShortHex digest={digest} />
          </span>
          <CopyButton text={digest} what="digest" />
        </span>
      )}
    </span>
  );
}

function KnownDigest({ digest, namespace }: { readonly digest: Digest; readonly namespace: string }) {
  const [tries, setTries] = useState(0);
  const { state, holders } = useBlob(digest, namespace, tries);
  useShortcut("c", "Copy digest", "Acts", () => void copyText(digest, "digest"));
  useShortcut("r", "Try again", "Everywhere", () => setTries((count) => count + 1));
  const head = (acts?: ReactNode) => (
    <PageHead title={<Crumbs digest={digest} />} name={shortHex(digest)} acts={acts} />
  );
  switch (state.kind) {
    case "loading":
      return head();
    case "failed":
      return (
        <>
          {head()}
          <ErrorState error={state.error} onRetry={() => setTries((count) => count + 1)} />
        </>
      );
    case "missing":
      return (
        <>
          {head()}
          <Missing namespace={state.namespace} digest={digest} holders={holders} />
          <Suspense fallback={null}>
            <ObjectActivity namespace={state.namespace} digest={digest} version="" />
          </Suspense>
        </>
      );
    case "gone":
    case "found":
      return <Found {...state} isGone={state.kind === "gone"} holders={holders} />;
  }
}

interface MissingProps {
  readonly namespace: string;
  readonly digest: Digest;
  readonly holders: readonly string[];
}

function Missing({ namespace, digest, holders }: MissingProps) {
  const where = namespace === "" ? "any namespace" : `namespace ${namespace}`;
  return (
    <State title={`Not found in ${where}`} drawing={<CratesDrawing />} acts={<ContentLink />}>
      {holders.length === 0
        ? "It was never committed there, or it was deleted."
        : holders.map((name) => (
            <Link key={name} className="link" href={storeHref(`/blob?ns=${encodeURIComponent(name)}&d=${digest}`)}>
              It is in {name}.{" "}
            </Link>
          ))}
    </State>
  );
}

interface FoundProps {
  readonly namespace: string;
  readonly info: Info;
  readonly isGone: boolean;
  readonly holders: readonly string[];
}

function Found({ namespace, info, isGone, holders }: FoundProps) {
  const [doomed, setDoomed] = useState<Doomed>();
  const { digest, size } = info;
  useBlobKeys(namespace, digest);
  useEffect(() => {
    if (isGone) announce(`Deleted from namespace ${namespace}`);
  }, [isGone, namespace]);
  return (
    <div className={styles.blob}>
      <PageHead
        title={<Crumbs digest={digest} />}
        name={shortHex(digest)}
        acts={
          !isGone && (
            <span className={styles.acts}>
              <CopyMenu namespace={namespace} digest={digest} />
              <a className={buttonClass()} href={downloadPath(namespace, digest)} download>
                <Icon of={Download} />
                Download
              </a>
              <DeleteButton onPress={(element) => setDoomed({ blob: { namespace, info }, element })} />
            </span>
          )
        }
      />
      <Facts info={info} namespace={namespace} holders={holders} isGone={isGone} />
      {isGone && <Bar>Deleted from namespace {namespace}. What is below was read before.</Bar>}
      <div className={styles.split}>
        <Raw namespace={namespace} digest={digest} size={size} />
        <div className={styles.side}>
          <Labels namespace={namespace} info={info} />
          <Suspense fallback={null}>
            <ObjectActivity namespace={namespace} digest={digest} version={`${isGone} ${info.updatedAt.getTime()}`} />
          </Suspense>
        </div>
      </div>
      <Suspense fallback={null}>
        {doomed && <ConfirmDelete doomed={doomed} onClose={() => setDoomed(undefined)} />}
      </Suspense>
    </div>
  );
}

function useBlobKeys(namespace: string, digest: Digest): void {
  const socket = useSocket();
  useShortcut("C", "Copy ctr line", "Acts", () => {
    if (socket !== undefined) void copyText(ctrGet({ socket, namespace }, digest), "ctr line");
  });
  useShortcut("d", "Download", "Acts", () => download(namespace, digest));
}

function DeleteButton({ onPress }: { readonly onPress: (element: HTMLElement) => void }) {
  const [element, setElement] = useState<HTMLElement | null>(null);
  useShortcut("Delete", "Delete…", "Acts", () => element && onPress(element), "change");
  return (
    <Button
      ref={setElement}
      icon={Trash2}
      shortcut="Del"
      needs="change"
      onClick={(event) => onPress(event.currentTarget)}
    >
      Delete…
    </Button>
  );
}
