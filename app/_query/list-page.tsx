"use client";
import { Link2 } from "lucide-react";
import type { ReactNode } from "react";
import type { Target } from "../../content/query.ts";
import { Button, IconButton } from "../_ui/button.tsx";
import { copyText } from "../_ui/copy-button.tsx";
import { errorText } from "../_ui/error-text.ts";
import { ColumnsButton } from "../_ui/list/columns-button.tsx";
import type { ColumnChoice } from "../_ui/list/use-columns.ts";
import { useNarrow } from "../_ui/list/use-narrow.ts";
import { PageHead } from "../_ui/page-head.tsx";
import { useShortcut } from "../_ui/shortcuts.ts";
import { Bar } from "../_ui/states.tsx";
import styles from "./list-page.module.css";
import type { Suggest } from "./query-bar.tsx";
import { QueryBar } from "./query-bar.tsx";

/** The rows of a page, and the query that chooses them. */
export interface AskedRows {
  /** The query, as it is in the address. */
  readonly text: string;
  readonly setQuery: (query: string) => void;
  /** Parts of the query that the server cannot be asked; absent: none. */
  readonly unsaid?: readonly string[];
  readonly suggest: Suggest;
  /** There is nothing to ask for: all rows together are none. */
  readonly isEmpty: boolean;
  readonly view: { readonly rows: readonly unknown[]; readonly error?: unknown };
}

interface ListPageProps<Row> {
  readonly name: string;
  /** What its rows come to; absent where there are none for an error. */
  readonly answer: ReactNode;
  /** What can be done without a row; where the page is narrow, below the rows. */
  readonly acts?: ReactNode;
  readonly target: Target;
  /** Shown while no query is typed. */
  readonly placeholder: string;
  readonly asked: AskedRows;
  readonly columns: ColumnChoice<Row>;
  /** Copies a link to what is seen; absent: the address with the columns. */
  readonly onCopyLink?: () => void;
  readonly onRetry: () => void;
  /** In place of rows, where the server refuses them. */
  readonly refused: ReactNode;
  /** The list, and what stands below it. */
  readonly children: ReactNode;
}

/** What stands around the rows of a page: its name and answer, its acts, the query, and that rows are old or why there are none. */
export function ListPage<Row>({ name, answer, acts, asked, onRetry, refused, children, ...bar }: ListPageProps<Row>) {
  const { rows, error } = asked.view;
  const isNarrow = useNarrow();
  useShortcut("r", "Try again", "Everywhere", onRetry);
  if (error !== undefined && rows.length === 0) {
    return (
      <>
        <PageHead title={name} name={name} />
        {/* What is refused may be the query. */}
        {asked.text !== "" && <AskBar asked={asked} {...bar} />}
        {refused}
      </>
    );
  }
  return (
    <>
      <PageHead title={name} name={name} answer={answer} acts={!isNarrow && acts} />
      {!asked.isEmpty && <AskBar asked={asked} {...bar} />}
      {error !== undefined && <OldRows error={error} onRetry={onRetry} />}
      {children}
      {isNarrow && acts && <div className={styles.bottom}>{acts}</div>}
    </>
  );
}

type AskBarProps<Row> = Pick<ListPageProps<Row>, "target" | "placeholder" | "asked" | "columns" | "onCopyLink">;

function AskBar<Row>({ target, placeholder, asked, columns, onCopyLink }: AskBarProps<Row>) {
  const { text, setQuery, unsaid, suggest, view } = asked;
  const isNarrow = useNarrow();
  const copyLink = onCopyLink ?? (() => void copyText(linkOf(columns.shared), "link"));
  useShortcut("y", "Copy link", "Everywhere", copyLink);
  return (
    <QueryBar
      target={target}
      placeholder={placeholder}
      query={text}
      onQuery={setQuery}
      {...(unsaid && { unsaid })}
      hasRows={view.rows.length > 0}
      suggest={suggest}
      acts={
        isNarrow ? (
          // Cards have no columns.
          <IconButton icon={Link2} label="Copy link" size="normal" look="plain" onClick={copyLink} />
        ) : (
          <>
            <ColumnsButton choice={columns} />
            <Button icon={Link2} shortcut="y" onClick={copyLink}>
              Link
            </Button>
          </>
        )
      }
    />
  );
}

/** The address of what is seen, with the columns where they are other than at first. */
function linkOf(columns: string | undefined): string {
  const url = new URL(window.location.href);
  if (columns === undefined) url.searchParams.delete("cols");
  else url.searchParams.set("cols", columns);
  return url.href;
}

function OldRows({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <Bar
      look="danger"
      acts={
        <Button shortcut="r" onClick={onRetry}>
          Retry
        </Button>
      }
    >
      These rows are old: {errorText(error)}
    </Bar>
  );
}
