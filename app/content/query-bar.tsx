"use client";
import { Search, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { IconButton } from "../_ui/button.tsx";
import { Icon } from "../_ui/icon.tsx";
import { useShortcut } from "../_ui/shortcuts.ts";
import type { QueryFault, QueryKind } from "./query.ts";
import { readQuery } from "./query.ts";
import styles from "./query-bar.module.css";

interface QueryBarProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  /** Why the query has no answer. */
  readonly fault?: QueryFault | undefined;
  /** Rows of the query before are shown. */
  readonly hasRows: boolean;
}

/** A person types on for so long before the server is asked, in milliseconds. */
const typingMs = 250;

const kindNames: Readonly<Record<QueryKind, string>> = {
  none: "",
  filter: "filter",
  regexp: "regexp",
  digest: "digest",
};

/** The line that says which blobs are wanted, and how it was understood. */
export function QueryBar({ query, onQuery, fault, hasRows }: QueryBarProps) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useTypedText(query, onQuery);
  useShortcut("/", "Query", "Everywhere", () => input.current?.select());
  const kind = kindNames[readQuery(text).kind];

  return (
    <div className={styles.bar}>
      <div className={styles.field} data-wrong={fault !== undefined || undefined}>
        <Icon of={Search} className={styles.lens} />
        <input
          ref={input}
          type="search"
          value={text}
          placeholder="labels.team==payments, /regexp/ or a digest"
          aria-label="Query"
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? undefined : "query-fault"}
          autoCapitalize="off"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          onChange={({ target }) => setText(target.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter") onQuery(text);
            if (event.key !== "Escape") return;
            event.preventDefault();
            if (text === "") event.currentTarget.blur();
            else onQuery("");
          }}
        />
        {kind === "" ? <kbd aria-hidden="true">/</kbd> : <span className={styles.kind}>{kind}</span>}
        {text !== "" && <IconButton icon={X} label="Clear query" size="tiny" onClick={() => onQuery("")} />}
      </div>
      {fault && <FaultLine fault={fault} hasRows={hasRows} />}
    </div>
  );
}

/** What is typed, told after a pause; what comes from elsewhere replaces it. */
function useTypedText(query: string, onQuery: (query: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(query);
  const [known, setKnown] = useState(query);
  if (known !== query) {
    setKnown(query);
    setText(query);
  }
  useEffect(() => {
    if (text === query) return;
    const timer = setTimeout(() => onQuery(text), typingMs);
    return () => clearTimeout(timer);
  }, [text, query, onQuery]);
  return [text, setText];
}

interface FaultLineProps {
  readonly fault: QueryFault;
  readonly hasRows: boolean;
}

function FaultLine({ fault: { text, before, wrong, after }, hasRows }: FaultLineProps) {
  return (
    <p id="query-fault" className={styles.fault} role="alert">
      <code>
        {before}
        <mark>{wrong === "" ? "\u00a0" : wrong}</mark>
        {after}
      </code>
      <span>
        {text}
        {hasRows && ". The rows are those of the last query."}
      </span>
    </p>
  );
}
