"use client";
import { Suspense, useCallback, useMemo, useRef, useState } from "react";
import type { BlobRow } from "../_live/blobs.ts";
import { ListPage } from "../_query/list-page.tsx";
import { useRowMenuHints } from "../_query/use-row-menu-hints.ts";
import { useColumns } from "../_ui/list/use-columns.ts";
import { useKeyHint } from "../_ui/shortcuts.ts";
import { ErrorState } from "../_ui/states.tsx";
import { UploadAct } from "../_upload/upload-act.tsx";
import { Answer } from "./answer.tsx";
import { BlobList } from "./blob-list.tsx";
import { blobColumns } from "./columns.tsx";
import type { Doomed } from "./confirm-delete.tsx";
import { FirstRun } from "./first-run.tsx";
import { ConfirmDelete } from "./later.ts";
import { BlobSelection } from "./selection-bar.tsx";
import { copySentLink } from "./sent-link.ts";
import { SinceBar } from "./since-bar.tsx";
import { useContent } from "./use-content.ts";
import { useSentView } from "./use-sent-view.ts";

/** What is stored: the blobs of the chosen namespaces, newest first, as they change. */
export function ContentPage() {
  const content = useContent();
  const { names, text, setQuery, query, view, all, retry, isEmpty } = content;
  const [doomed, setDoomed] = useState<Doomed>();
  const columns = useBlobColumns(names.length !== 1, setDoomed);
  const arrived = useSentView(query, view);
  const place = useRef(0);
  const onPlace = useCallback((index: number) => {
    place.current = index;
  }, []);
  useBlobKeyHints();
  return (
    <>
      <ListPage
        name="Content"
        answer={<Answer view={view} hasQuery={text !== ""} isWhole={all.isWhole} />}
        acts={<UploadAct names={names} />}
        target="blobs"
        placeholder="size:>100MiB label:team=payments, or a digest"
        asked={content}
        columns={columns}
        onCopyLink={() => void copySentLink(query, all.rows, place.current, columns.shared)}
        onRetry={retry}
        refused={<ErrorState error={view.error} onRetry={retry} />}
      >
        {isEmpty ? (
          <FirstRun names={names} />
        ) : (
          <>
            {arrived.sent?.since && <SinceBar {...arrived} query={query} since={arrived.sent.since} />}
            <BlobList
              content={content}
              columns={columns}
              sentRow={arrived.found === "lost" ? undefined : arrived.found}
              onPlace={onPlace}
              onDelete={setDoomed}
            />
            <BlobSelection query={query} view={view} onOutside={setQuery} />
          </>
        )}
      </ListPage>
      <Suspense fallback={null}>
        {doomed && <ConfirmDelete doomed={doomed} onClose={() => setDoomed(undefined)} />}
      </Suspense>
    </>
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
  useKeyHint("Delete", "Delete…", "Acts");
  useRowMenuHints();
}
