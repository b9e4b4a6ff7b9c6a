"use client";
import { Check, ChevronDown } from "lucide-react";
import { Suspense, useState } from "react";
import type { ComparedSide } from "../../content/compare/report.ts";
import { listNamespaces } from "../../content/remote/namespaces.ts";
import { useStore } from "../_live/hooks.ts";
import { serverTransport } from "../_live/server-transport.ts";
import type { StoresView } from "../_live/stores.ts";
import { refreshStores, storesStore } from "../_live/stores.ts";
import { Button } from "../_ui/button.tsx";
import { errorText } from "../_ui/error-text.ts";
import { formatTimeOfDay } from "../_ui/format.ts";
import { Menu } from "../_ui/popups/index.ts";
import type { MenuItem } from "../_ui/popups/menu.tsx";
import { useOpener } from "../_ui/use-opener.ts";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./compare.module.css";
import type { SideName } from "./sides.ts";

interface SidePickerProps {
  readonly name: SideName;
  /** Absent: none is chosen. */
  readonly side: ComparedSide | undefined;
  /** Of when the report is about it; absent: there is none. */
  readonly asOf: Date | undefined;
  readonly onChoose: (name: SideName, side: ComparedSide) => void;
}

/** Chooses a store, and namespaces of it. Where there is one store only, it is that. */
export function SidePicker({ name, side, asOf, onChoose }: SidePickerProps) {
  const view = useStore(storesStore);
  const letter = name.toUpperCase();
  const only = view.stores.length === 1 ? view.stores[0]?.name : undefined;
  const store = side?.store ?? only;
  return (
    <section className={styles.side} aria-label={`Side ${letter}`}>
      <b className={styles.letter} aria-hidden="true">
        {letter}
      </b>
      {only === undefined ? (
        <StoreMenu letter={letter} view={view} chosen={store} onChoose={(one) => onChoose(name, all(one))} />
      ) : (
        <span className={styles.only}>{visibleText(only)}</span>
      )}
      {store !== undefined && (
        <NamespaceMenu
          letter={letter}
          side={side ?? all(store)}
          isChosen={side !== undefined}
          onChoose={(namespaces) => onChoose(name, { store, namespaces })}
        />
      )}
      {asOf && <span className={styles.asOf}>as of {formatTimeOfDay(asOf)}</span>}
    </section>
  );
}

const all = (store: string): ComparedSide => ({ store, namespaces: [] });

interface StoreMenuProps {
  readonly letter: string;
  readonly view: StoresView;
  readonly chosen: string | undefined;
  readonly onChoose: (store: string) => void;
}

function StoreMenu({ letter, view, chosen, onChoose }: StoreMenuProps) {
  const words = chosen === undefined ? "Choose a store" : visibleText(chosen);
  const items = view.stores.map(({ name, plugin, state }): MenuItem => {
    const note = state === "live" ? plugin : `${plugin}, ${state}`;
    return {
      key: name,
      label: visibleText(name),
      note,
      ...(name === chosen && { icon: Check }),
      onSelect: () => onChoose(name),
    };
  });
  const onOpen = () => void refreshStores();
  return <Picker name="Store" plural="Stores" {...{ letter, words, onOpen }} groups={[items]} />;
}

interface NamespaceMenuProps {
  readonly letter: string;
  readonly side: ComparedSide;
  readonly isChosen: boolean;
  readonly onChoose: (namespaces: readonly string[]) => void;
}

function NamespaceMenu({ letter, side, isChosen, onChoose }: NamespaceMenuProps) {
  const { store, namespaces } = side;
  const { names, ask } = useNamespaces(store);
  const offered = [...new Set([...(Array.isArray(names) ? names : []), ...namespaces])];
  const words = !isChosen ? "Choose namespaces" : namespaces.length === 0 ? "All namespaces" : namespaces.join(", ");
  const items = offered.map(
    (name): MenuItem => ({
      key: `name ${name}`,
      label: name,
      isChosen: namespaces.includes(name),
      onSelect: () =>
        onChoose(namespaces.includes(name) ? namespaces.filter((each) => each !== name) : [...namespaces, name]),
    }),
  );
  const everything: MenuItem = {
    key: "all",
    label: "All namespaces",
    isChosen: isChosen && namespaces.length === 0,
    onSelect: () => onChoose([]),
  };
  const fault: MenuItem[] =
    typeof names === "string" ? [{ key: "fault", label: names, onSelect: () => undefined }] : [];
  const groups = [[everything], items, fault].filter((group) => group.length > 0);
  return <Picker name="Namespaces" plural="Namespaces" {...{ letter, words, groups }} onOpen={ask} />;
}

interface PickerProps {
  /** What is chosen, such as `Store`. */
  readonly name: string;
  /** What there is to choose from. */
  readonly plural: string;
  /** Of the side. */
  readonly letter: string;
  /** What is chosen now. */
  readonly words: string;
  readonly groups: readonly (readonly MenuItem[])[];
  readonly onOpen: () => void;
}

/** A button that says what is chosen of a side, and opens the menu of what else could be. */
function Picker({ name, plural, letter, words, groups, onOpen }: PickerProps) {
  const { anchor, isOpen, toggle, close } = useOpener();

  function onClick(): void {
    if (!isOpen) onOpen();
    toggle();
  }

  return (
    <>
      <Button
        ref={anchor}
        iconAfter={ChevronDown}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-label={`${name} of ${letter}: ${words}`}
        className={styles.pick}
        onClick={onClick}
      >
        <span className="cut">{words}</span>
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <Menu anchor={anchor} label={`${plural} for ${letter}`} onClose={close} groups={groups} />
        </Suspense>
      )}
    </>
  );
}

/** The namespaces of a store, once they were asked for; in words why they are not known. */
function useNamespaces(store: string) {
  const [told, setTold] = useState<{ readonly store: string; readonly names: readonly string[] | string }>();
  const tell = (names: readonly string[] | string) => setTold({ store, names });
  const ask = () =>
    void listNamespaces(serverTransport(store)).then(
      (names) => tell(names ?? []),
      (error: unknown) => tell(errorText(error)),
    );
  return { names: told?.store === store ? told.names : [], ask };
}
