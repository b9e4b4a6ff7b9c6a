"use client";
import { useRouter } from "next/navigation";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { CatalogList } from "../_catalog/catalog-list.tsx";
import { CatalogPage } from "../_catalog/catalog-page.tsx";
import { CatalogSelection } from "../_catalog/catalog-selection.tsx";
import { FirstRow } from "../_catalog/first-run.tsx";
import { openOf } from "../_catalog/kind.ts";
import { useCatalog } from "../_catalog/use-catalog.ts";
import { ctrDefault, ctrImport } from "../_ui/commands.ts";
import { formatCount } from "../_ui/format.ts";
import { only } from "../_ui/list/chosen.ts";
import { useColumns } from "../_ui/list/use-columns.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { useKeyHint } from "../_ui/shortcuts.ts";
import { headingOf, imageColumns, toldByPanel } from "./columns.tsx";
import type { AskedOfImage } from "./image-acts.ts";
import { actsOfImage, targetHref } from "./image-acts.ts";
import type { ImageLine, NamesLine } from "./image-line.ts";
import { chosenImages, imageChoice, imageLines, imageTokens, nameOfImages, namesLines } from "./image-line.ts";
import styles from "./images.module.css";
import { imageKind, isIncomplete } from "./kind.ts";

const loadPeek = patiently(() => import("./image-peek.tsx"));
const ImagePeek = lazy(async () => ({ default: (await loadPeek()).ImagePeek }));
const loadDialogs = patiently(() => import("./image-dialogs.tsx"));
const ImageDialog = lazy(async () => ({ default: (await loadDialogs()).ImageDialog }));
const BulkUntag = lazy(async () => ({ default: (await loadDialogs()).BulkUntag }));

/** The images: what each is, what it weighs, and what is missing. */
export function ImagesPage() {
  const catalog = useCatalog(imageKind);
  const { names, view, rows, matching, sort } = catalog;
  const router = useRouter();
  const [asked, setAsked] = useState<AskedOfImage>();
  const [doomed, setDoomed] = useState<readonly NamesLine[]>();
  const hasNamespaces = names.length !== 1;
  const columns = useColumns(
    "images",
    useMemo(() => imageColumns(hasNamespaces), [hasNamespaces]),
  );
  const all = useMemo(() => namesLines(rows), [rows]);
  const wanted = useMemo(() => new Set(matching.map(({ key }) => key)), [matching]);
  const lines = useMemo(() => imageLines(all, wanted, view.repositories, sort), [all, wanted, view.repositories, sort]);
  const images = useMemo(() => openOf(view.rows).map(({ row }) => row), [view.rows]);
  const actsOf = useCallback((line: ImageLine) => actsOfImage(line, setAsked, (href) => router.push(href)), [router]);
  const heading = useCallback((line: ImageLine) => headingOf(line, hasNamespaces), [hasNamespaces]);
  useKeyHint("t", "Tag…", "Acts");
  useKeyHint("d", "Export…", "Acts");
  useKeyHint("c", "Copy digest", "Acts");
  useKeyHint("Delete", "Untag…", "Acts");

  return (
    <CatalogPage
      catalog={catalog}
      columns={columns}
      placeholder="state:incomplete size:>1GiB label:team, or a part of a name or digest"
      answer={<Answer lines={all.filter(({ key, aliases }) => [key, ...aliases].some((each) => wanted.has(each)))} />}
    >
      <CatalogList
        catalog={catalog}
        lines={lines}
        columns={columns}
        toldByPanel={toldByPanel}
        choice={imageChoice}
        card={styles.card}
        isAsking={asked !== undefined || doomed !== undefined}
        actsOf={actsOf}
        tokensOf={imageTokens}
        hrefOf={hrefOf}
        headingOf={heading}
        orderWords="by name"
        firstRun={<FirstRun names={names} />}
        panel={(line, acts, onClose) => <ImagePeek line={line} acts={acts} onClose={onClose} />}
      />
      <CatalogSelection
        catalog={catalog}
        store={chosenImages}
        namedOf={nameOfImages}
        present={useMemo(() => new Set(all.map(({ key }) => key)), [all])}
        shown={useMemo(() => new Set(lines.map(({ key }) => key)), [lines])}
        act="Untag"
        onAct={setDoomed}
      />
      <Suspense fallback={null}>
        {asked && <ImageDialog asked={asked} all={images} onClose={() => setAsked(undefined)} />}
        {doomed && (
          <BulkUntag
            lines={asTheyAreNow(doomed, all)}
            all={images}
            onClose={(left) => {
              setDoomed(undefined);
              if (left)
                chosenImages.set(only(doomed.filter((line) => isLeft(line, left)).map((line) => [line.key, line])));
            }}
          />
        )}
      </Suspense>
    </CatalogPage>
  );
}

function isLeft({ key, aliases }: NamesLine, left: ReadonlySet<string>): boolean {
  return left.has(key) || aliases.some((alias) => left.has(alias));
}

/** The same lines with the names that they have by now. */
function asTheyAreNow(lines: readonly NamesLine[], all: readonly NamesLine[]): readonly NamesLine[] {
  return lines.map((line) => all.find(({ key }) => key === line.key) ?? line);
}

function hrefOf(line: ImageLine): string | undefined {
  return line.kind === "names" && line.goneAt === undefined ? targetHref(line) : undefined;
}

/** How many repositories there are, and what is wrong. */
function Answer({ lines }: { readonly lines: readonly NamesLine[] }) {
  const open = openOf(lines);
  const repositories = new Set(open.map(({ namespace, repository }) => `${namespace} ${repository}`)).size;
  const incomplete = open.filter(({ images }) => isIncomplete(images[0])).length;
  return (
    <>
      {open.length > 0 && (
        <span>
          <b>{formatCount(repositories)}</b> {repositories === 1 ? "repository" : "repositories"}
        </span>
      )}
      {incomplete > 0 && (
        <span className="warn">
          <b className="warn">{formatCount(incomplete)}</b> incomplete
        </span>
      )}
    </>
  );
}

function FirstRun({ names }: { readonly names: readonly string[] }) {
  const namespace = names.length === 1 ? (names[0] ?? ctrDefault) : ctrDefault;
  return (
    <FirstRow title="There are no images" lineOf={(socket) => ctrImport({ socket, namespace })}>
      Every name of an image will be a row on this page: its platforms, whether all of it is here, and what it weighs.
    </FirstRow>
  );
}
