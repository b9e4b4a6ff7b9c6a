"use client";
import { Search, X } from "lucide-react";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { Target } from "../../content/query.ts";
import { IconButton } from "../_ui/button.tsx";
import { Icon } from "../_ui/icon.tsx";
import { ShortcutKey } from "../_ui/shortcut-key.tsx";
import { useShortcut } from "../_ui/shortcuts.ts";
import type { QueryFault } from "./fault.ts";
import { faultOf } from "./fault.ts";
import { useCanCompile } from "./patterns.ts";
import styles from "./query-bar.module.css";
import type { Suggestion } from "./suggest.ts";
import { Suggestions, suggestionId, suggestionsId } from "./suggestions.tsx";

/** What a query can go on with at a cursor, the likeliest first. */
export type Suggest = (text: string, cursor: number) => readonly Suggestion[];

interface QueryBarProps {
  /** What is asked for. */
  readonly target: Target;
  readonly query: string;
  /** Shown while nothing is typed. */
  readonly placeholder: string;
  /** @param query one that can be asked */
  readonly onQuery: (query: string) => void;
  /** Parts of the query that the server cannot be asked. */
  readonly unsaid?: readonly string[];
  /** Rows of the query before are shown. */
  readonly hasRows: boolean;
  readonly suggest: Suggest;
  /** What is beside it. */
  readonly acts?: ReactNode;
}

/** A person types on for so long before the server is asked, in milliseconds. */
const typingMs = 250;

/** The line that says which rows are wanted. What is no query yet is told, and not asked. */
export function QueryBar({ target, query, placeholder, onQuery, unsaid = [], hasRows, suggest, acts }: QueryBarProps) {
  const input = useRef<HTMLInputElement>(null);
  const { text, setText, fault, canAsk } = useTypedText(target, query, onQuery);
  const list = useSuggestions(text, setText, suggest, input);
  useShortcut("/", "Query", "Everywhere", () => input.current?.select());

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>): void {
    if (list.onKey(event.key)) return event.preventDefault();
    if (event.key === "Enter" && canAsk) onQuery(text.trim());
    if (event.key !== "Escape") return;
    event.preventDefault();
    if (text === "") event.currentTarget.blur();
    else setText("");
  }

  return (
    <search className={styles.bar}>
      <div className={styles.line}>
        <div className={styles.field} data-wrong={fault !== undefined || undefined}>
          <Icon of={Search} className={styles.lens} />
          <input
            ref={input}
            role="combobox"
            value={text}
            placeholder={placeholder}
            aria-label="Query"
            aria-autocomplete="list"
            aria-expanded={list.isOpen}
            aria-controls={list.isOpen ? suggestionsId : undefined}
            aria-activedescendant={list.isOpen && list.active >= 0 ? suggestionId(list.active) : undefined}
            aria-invalid={fault !== undefined}
            aria-describedby={fault === undefined ? undefined : "query-fault"}
            autoCapitalize="off"
            autoComplete="off"
            autoCorrect="off"
            spellCheck={false}
            onChange={({ target }) => {
              setText(target.value);
              list.onType(target.selectionStart ?? target.value.length);
            }}
            onBlur={list.close}
            onKeyDown={onKeyDown}
          />
          {text === "" && <ShortcutKey keys="/" />}
          {text !== "" && <IconButton icon={X} label="Clear query" size="tiny" onClick={() => setText("")} />}
        </div>
        {acts && <div className={styles.acts}>{acts}</div>}
      </div>
      {list.isOpen && <Suggestions suggestions={list.suggestions} active={list.active} onTake={list.take} />}
      {fault && <FaultLine fault={fault} rows={!hasRows ? "none" : text.trim() === query ? "all" : "last"} />}
      {!fault && unsaid.length > 0 && (
        <p className={styles.unsaid} role="status">
          This server cannot be asked <code>{unsaid.join(" ")}</code>: the rows are chosen without it.
        </p>
      )}
    </search>
  );
}

interface TypedText {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly fault: QueryFault | undefined;
  /** It is a query, as far as its patterns, too. */
  readonly canAsk: boolean;
}

/** What is typed, told after a pause once it is a query; what comes from elsewhere replaces it. */
function useTypedText(target: Target, query: string, onQuery: (query: string) => void): TypedText {
  const [text, setText] = useState(query);
  // What was told comes back, perhaps when more is typed already; all else that comes is from elsewhere.
  const told = useRef<readonly string[]>([query]);
  const canCompile = useCanCompile(text);
  const fault = useMemo(() => faultOf(text, target, canCompile), [text, target, canCompile]);
  const canAsk = fault === undefined && canCompile;
  useEffect(() => {
    const place = told.current.lastIndexOf(query);
    told.current = told.current.slice(place + 1);
    if (place < 0) setText((before) => (before.trim() === query ? before : query));
  }, [query]);
  useEffect(() => {
    if (text.trim() === query || !canAsk) return;
    const tell = () => {
      told.current = [...told.current, text.trim()];
      onQuery(text.trim());
    };
    const timer = setTimeout(tell, text === "" ? 0 : typingMs);
    return () => clearTimeout(timer);
  }, [text, query, canAsk, onQuery]);
  return { text, setText, fault, canAsk };
}

/** What is suggested while somebody types, and its keys. */
function useSuggestions(
  text: string,
  setText: (text: string) => void,
  suggest: Suggest,
  input: RefObject<HTMLInputElement | null>,
) {
  const [cursor, setCursor] = useState<number>();
  const [active, setActive] = useState(-1);
  const [moved, setMoved] = useState<number>();
  const suggestions = useMemo(
    () => (cursor === undefined ? [] : suggest(text, Math.min(cursor, text.length))),
    [text, cursor, suggest],
  );
  const isOpen = suggestions.length > 0;
  useLayoutEffect(() => {
    if (moved !== undefined) input.current?.setSelectionRange(moved, moved);
    setMoved(undefined);
  }, [moved, input]);

  function onType(at: number): void {
    setCursor(at);
    setActive(-1);
  }

  function take(suggestion: Suggestion): void {
    setText(suggestion.text);
    onType(suggestion.cursor);
    setMoved(suggestion.cursor);
  }

  function onKey(key: string): boolean {
    const chosen = suggestions[active];
    if (!isOpen) return false;
    if (key === "ArrowDown") setActive((active + 1) % suggestions.length);
    else if (key === "ArrowUp") setActive((active <= 0 ? suggestions.length : active) - 1);
    else if (key === "Escape") setCursor(undefined);
    else if ((key === "Enter" || key === "Tab") && chosen !== undefined) take(chosen);
    else return false;
    return true;
  }

  return { suggestions, isOpen, active, onType, onKey, take, close: () => setCursor(undefined) };
}

interface FaultLineProps {
  readonly fault: QueryFault;
  /** Which are shown: what the address has asks for all where it is no query. */
  readonly rows: "none" | "all" | "last";
}

function FaultLine({ fault: { text, before, wrong, after }, rows }: FaultLineProps) {
  return (
    <p id="query-fault" className={styles.fault} role="alert">
      <code>
        {before}
        <mark>{wrong === "" ? "\u00a0" : wrong}</mark>
        {after}
      </code>
      <span>
        {text}
        {rows === "last" && ". The rows are those of the last query."}
        {rows === "all" && ". All rows are shown."}
      </span>
    </p>
  );
}
