"use client";
import { ChevronDown, Lock } from "lucide-react";
import { Suspense } from "react";
import { useStore } from "../_live/hooks.ts";
import { factsOf, refreshStores, storesStore } from "../_live/stores.ts";
import { Icon } from "../_ui/icon.tsx";
import { join } from "../_ui/join.ts";
import { useShortcut } from "../_ui/shortcuts.ts";
import { useOpener } from "../_ui/use-opener.ts";
import { StoreList } from "./later.ts";
import { useStoreName } from "./scope.ts";
import styles from "./shell.module.css";

/** Which store the page is about, where there are several; and that it is read-only, where it is. */
export function StoreSwitcher() {
  const view = useStore(storesStore);
  const name = useStoreName();
  const here = factsOf(view, name);
  return (
    <>
      {view.stores.length > 1 && <Switcher name={here?.name ?? name} state={here?.state} />}
      {here?.allowsChanges === false && (
        <span className={styles.chip} data-tip="This store is opened read-only">
          <Icon of={Lock} size={12} />
          read-only
        </span>
      )}
      {view.stores.length > 1 && (
        <span className={styles.slash} aria-hidden="true">
          /
        </span>
      )}
    </>
  );
}

function Switcher({ name, state = "unknown" }: { readonly name: string; readonly state: string | undefined }) {
  const { anchor, isOpen, toggle, close } = useOpener();

  function open(): void {
    if (!isOpen) void refreshStores();
    toggle();
  }

  useShortcut("S", "Stores", "Everywhere", open);
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className={join(styles.switch, styles.store)}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        aria-label={`Store: ${name}${state === "live" ? "" : `, ${state}`}`}
        onClick={open}
      >
        <span className="cut">{name}</span>
        <Icon of={ChevronDown} />
      </button>
      {isOpen && (
        <Suspense fallback={null}>
          <StoreList anchor={anchor} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
