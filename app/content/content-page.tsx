"use client";
import { Link2 } from "lucide-react";
import { Suspense, useCallback, useMemo, useRef, useState } from "react";
import type { BlobRow } from "../_live/blobs.ts";
import { QueryBar } from "../_query/query-bar.tsx";
import { Button } from "../_ui/button.tsx";
import { ColumnsButton } from "../_ui/list/columns-button.tsx";
import { useColumns } from "../_ui/list/use-columns.ts";
import { PageHead } from "../_ui/page-head.tsx";
import { useKeyHint, useShortcut } from "../_ui/shortcuts.ts";
import { ErrorState } from "../_ui/states.tsx";
import { UploadAct } from "../_upload/upload-act.tsx";
import { Answer } from "./answer.tsx";
import { BlobList } from "./blob-list.tsx";
import { blobColumns } from "./columns.tsx";
import type { Doomed } from "./confirm-delete.tsx";
import { FirstRun } from "./first-run.tsx";
import { ConfirmDelete, NoBlobMatches } from "./later.ts";
import { BlobSelection } from "./selection-bar.tsx";
import { copySentLink } from "./sent-link.ts";
import { SinceBar } from "./since-bar.tsx";
import { useContent } from "./use-content.ts";
import { useSentView } from "./use-sent-view.ts";

/** What is stored: the blobs of the chosen namespaces, newest first, as they change. */
export function ContentPage() {
  const content = useContent();
  const { names, text, setQuery, query, view, all, retry, isEmptyStore } = content;
  const [doomed, setDoomed] = useState<Doomed>();
  const columns = useBlobColumns(names.length !== 1, setDoomed);
  const arrived = useSentView(query, view);
  const place = useRef(0);
  const onPlace = useCallback((index: number) => {
    place.current = index;
  }, []);
  const copyLink = () => void copySentLink(query, all.rows, place.current, columns.shared);
  useShortcut("y", "Copy link", "Everywhere", copyLink);
  useShortcut("r", "Try again", "Everywhere", retry);
  useBlobKeyHints();

  const answer = <Answer view={view} hasQuery={text !== ""} isWhole={all.isWhole} />;
  const head = <PageHead title="Content" name="Content" answer={answer} acts={<UploadAct names={names} />} />;
  if (isEmptyStore) {
    return (
      <>
        {head}
        <FirstRun names={names} />
      </>
    );
  }
  const hasRows = view.rows.length > 0;
  return (
    <>
      {head}
      <BlobQueryBar content={content} columns={columns} onCopyLink={copyLink} />
      {arrived.sent?.since && <SinceBar {...arrived} query={query} since={arrived.sent.since} />}
      {view.error && !hasRows && <ErrorState error={view.error} onRetry={retry} />}
      {(!view.error || hasRows) && (
        <BlobList
          content={content}
          columns={columns}
          sentRow={arrived.found === "lost" ? undefined : arrived.found}
          onPlace={onPlace}
          onDelete={setDoomed}
          empty={
            <Suspense fallback={null}>
              <NoBlobMatches query={text} namespaces={query.selection.namespaces ?? []} onQuery={setQuery} />
            </Suspense>
          }
        />
      )}
      <BlobSelection query={query} view={view} onOutside={setQuery} />
      <Suspense fallback={null}>
        {doomed && <ConfirmDelete doomed={doomed} onClose={() => setDoomed(undefined)} />}
      </Suspense>
    </>
  );
}

interface BlobQueryBarProps {
  readonly content: ReturnType<typeof useContent>;
  readonly columns: ReturnType<typeof useBlobColumns>;
  readonly onCopyLink: () => void;
}

function BlobQueryBar({ content, columns, onCopyLink }: BlobQueryBarProps) {
  const { text, setQuery, unsaid, view, suggest } = content;
  return (
    <QueryBar
      target="blobs"
      placeholder="size:>100MiB label:team=payments, or a digest"
      query={text}
      onQuery={setQuery}
      unsaid={unsaid}
      hasRows={view.rows.length > 0}
      suggest={suggest}
      acts={
        <>
          <ColumnsButton choice={columns} />
          <Button icon={Link2} shortcut="y" onClick={onCopyLink}>
            Link
          </Button>
        </>
      }
    />
  );
}

function useBlobColumns(hasNamespaces: boolean, onDelete: (doomed: Doomed) => void) {
  const all = useMemo(
    () => blobColumns(hasNamespaces, ({ row }: BlobRow, element) => onDelete({ blob: row, element })),
    [hasNamespaces, onDelete],
  );
  return useColumns("content", all);
}

function useBlobKeyHints(): void {
  useKeyHint("c", "Copy digest", "Acts");
  useKeyHint("C", "Copy ctr line", "Acts");
  useKeyHint("d", "Download", "Acts");
  useKeyHint(".", "All acts of the row", "Acts");
  useKeyHint("f", "Filter by the row", "Rows");
  useKeyHint("F", "Exclude what is like the row", "Rows");
  useKeyHint("x", "Select", "Rows");
  useKeyHint("X", "Select to here", "Rows");
  useKeyHint("Ctrl A", "Select all that match", "Rows");
}
