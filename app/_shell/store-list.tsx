"use client";
import { Check } from "lucide-react";
import Link from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import type { KeyboardEvent, RefObject } from "react";
import { useEffect, useRef, useState } from "react";
import type { StoreFacts } from "../../content/remote/stores.ts";
import { storePlaceHref } from "../_find/places.ts";
import { useStore } from "../_live/hooks.ts";
import { factsOf, storesStore } from "../_live/stores.ts";
import { askStoresMs, watchStores } from "../_live/watch-stores.ts";
import { Icon } from "../_ui/icon.tsx";
import { Panel } from "../_ui/popups/index.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { useStoreName } from "./scope.ts";
import { StoreFactsLine, StoreSign } from "./store-facts.tsx";
import styles from "./store-list.module.css";

interface StoreListProps {
  readonly anchor: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

/** With so many stores it takes no typing to find one. */
const fewStores = 8;

/** The stores of the server, each with how it is: a link to the same page of it. Asks how they are while it is open. */
export function StoreList({ anchor, onClose }: StoreListProps) {
  const view = useStore(storesStore);
  const here = factsOf(view, useStoreName());
  const [words, setWords] = useState("");
  const list = useRef<HTMLUListElement>(null);
  const first = useRef<HTMLElement>(null);
  useEffect(() => watchStores(askStoresMs.others), []);
  const found = view.stores.filter(({ name, plugin, target }) =>
    `${name} ${plugin} ${target}`.toLowerCase().includes(words.trim().toLowerCase()),
  );
  const isFiltered = view.stores.length > fewStores;
  return (
    <Panel anchor={anchor} title="Stores" align="start" initialFocus={first} onClose={onClose}>
      <nav className={styles.stores} aria-label="Stores" onKeyDown={(event) => moveFocus(event, list.current)}>
        {isFiltered && (
          <input
            ref={(input) => void (first.current = input)}
            className={styles.filter}
            aria-label="Filter stores"
            placeholder="Name, plugin or address"
            autoComplete="off"
            spellCheck={false}
            value={words}
            onChange={({ target }) => setWords(target.value)}
            onKeyDown={({ key }) => key === "Enter" && list.current?.querySelector("a")?.click()}
          />
        )}
        <ul ref={list} className={styles.list}>
          {found.map((facts) => (
            <StoreItem
              key={facts.name}
              facts={facts}
              isHere={facts === here}
              first={facts === here && !isFiltered ? first : undefined}
              onChoose={onClose}
            />
          ))}
        </ul>
        {found.length === 0 && <p className={styles.none}>No store matches</p>}
      </nav>
    </Panel>
  );
}

interface StoreItemProps {
  readonly facts: StoreFacts;
  readonly isHere: boolean;
  readonly first: RefObject<HTMLElement | null> | undefined;
  readonly onChoose: () => void;
}

function StoreItem({ facts, isHere, first, onChoose }: StoreItemProps) {
  const place = { path: usePathname(), search: useSearchParams().toString() };
  const { name, plugin, target, isDefault } = facts;
  return (
    <li>
      <Link
        ref={(link) => {
          if (first) first.current = link;
        }}
        href={storePlaceHref(place, isDefault ? "" : name)}
        prefetch={false}
        className={styles.store}
        aria-current={isHere || undefined}
        onClick={onChoose}
      >
        <StoreSign facts={facts} />
        <span className={styles.name}>
          <b className="cut">{visibleText(name)}</b>
          <span className={styles.plugin}>{plugin}</span>
          {target !== "" && <Target text={visibleText(target)} />}
        </span>
        <span className={styles.words}>
          <StoreFactsLine facts={facts} />
        </span>
        {isHere && (
          <span className={styles.mark}>
            <Icon of={Check} />
          </span>
        )}
      </Link>
    </li>
  );
}

/** Characters at the end of a target that tell most of it, such as the name of a socket or the port of a host. */
const tailCharacters = 12;

/** Where a store is, cut in its middle where there is no room for all of it. */
function Target({ text }: { readonly text: string }) {
  return (
    <span className={styles.target} data-tip={text}>
      <span className="cut">{text.slice(0, -tailCharacters)}</span>
      <span className={styles.tail}>{text.slice(-tailCharacters)}</span>
    </span>
  );
}

/** Steps of the keys that move through the list. */
const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** Arrow keys go from one store to the next, and up from the first to what is above. */
function moveFocus(event: KeyboardEvent, list: HTMLElement | null): void {
  const step = steps[event.key];
  if (step === undefined || list === null) return;
  event.preventDefault();
  const links = [...list.querySelectorAll("a")];
  const at = links.findIndex((link) => link.matches(":focus"));
  const filter = list.parentElement?.querySelector("input");
  const next = at < 0 && step < 0 ? links.length - 1 : at + step;
  (links[next] ?? (step < 0 ? filter : undefined) ?? links.at(step < 0 ? -1 : 0))?.focus();
}
