"use client";
import { ChevronDown } from "lucide-react";
import { Suspense, useEffect, useState } from "react";
import { useStore } from "../_live/hooks.ts";
import { refreshServer, serverStore } from "../_live/server.ts";
import { Icon } from "../_ui/icon.tsx";
import { Menu } from "../_ui/popups/index.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { useShortcut } from "../_ui/shortcuts.ts";
import { useOpener } from "../_ui/use-opener.ts";
import type { NamespaceAmounts } from "./namespace-amounts.ts";
import { useScope } from "./scope.ts";
import styles from "./shell.module.css";

const loadAmounts = patiently(() => import("./namespace-amounts.ts"));

/** Chooses the namespaces that the page is about: several, or all of them. */
export function NamespaceSwitcher() {
  const { store, names, set } = useScope();
  const { namespaces } = useStore(serverStore);
  const { anchor, isOpen, toggle, close } = useOpener();
  const amounts = useAmounts(store, isOpen);
  const offered = [...new Set([...namespaces, ...names])];

  function open(): void {
    if (!isOpen) void refreshServer();
    toggle();
  }

  function choose(name: string): void {
    set(names.includes(name) ? names.filter((each) => each !== name) : [...names, name]);
  }

  useShortcut("N", "Namespaces", "Everywhere", open);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={styles.switch}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={`Namespaces: ${describe(names)}`}
        onClick={open}
      >
        <span className="cut">{names.length === 0 ? <All /> : describe(names)}</span>
        <Icon of={ChevronDown} />
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <Menu
            anchor={anchor}
            label="Namespaces"
            onClose={close}
            groups={[
              [{ key: "all", label: "All namespaces", isChosen: names.length === 0, onSelect: () => set([]) }],
              offered.map((name) => ({
                key: `name ${name}`,
                label: name,
                note: amounts.get(name) ?? "",
                isChosen: names.includes(name),
                onSelect: () => choose(name),
              })),
            ].filter((group) => group.length > 0)}
          />
        </Suspense>
      )}
    </>
  );
}

const none: NamespaceAmounts = new Map();

/** What each namespace holds, asked for when they are to be seen; none before it is told. */
function useAmounts(store: string, isWanted: boolean): NamespaceAmounts {
  const [told, setTold] = useState<{ readonly store: string; readonly amounts: NamespaceAmounts }>();
  useEffect(() => {
    if (!isWanted) return;
    const end = new AbortController();
    void loadAmounts()
      .then(({ askAmounts }) => askAmounts(store, end.signal))
      .then((amounts) => end.signal.aborted || setTold({ store, amounts }));
    return () => end.abort();
  }, [store, isWanted]);
  return told?.store === store ? told.amounts : none;
}

/** All namespaces; where the page is narrow, the first word has to do. */
function All() {
  return (
    <>
      All<span className={styles.wide}> namespaces</span>
    </>
  );
}

/** A choice of namespaces in words. */
function describe(names: readonly string[]): string {
  return names.length === 0 ? "All namespaces" : names.join(", ");
}
