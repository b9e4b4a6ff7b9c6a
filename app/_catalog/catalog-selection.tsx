"use client";
import { Trash2, X } from "lucide-react";
import { useStore } from "../_live/hooks.ts";
import type { WritableStore } from "../_live/store.ts";
import { Button } from "../_ui/button.tsx";
import { formatCount } from "../_ui/format.ts";
import styles from "../_ui/list/bulk.module.css";
import { type Chosen, nothing } from "../_ui/list/chosen.ts";
import { useShortcut } from "../_ui/shortcuts.ts";
import type { CatalogQuery } from "./catalog-query.ts";

interface CatalogSelectionProps<Item> {
  readonly store: WritableStore<Chosen<Item, CatalogQuery>>;
  /** Keys of all rows that are here, whatever the query. */
  readonly present: ReadonlySet<string>;
  /** Keys of those that the query asks for. */
  readonly shown: ReadonlySet<string>;
  /** The act, such as `Untag`. */
  readonly act: string;
  readonly onAct: (items: readonly Item[]) => void;
}

/** The rows that are chosen, and what can be done with them; absent with nothing chosen. Bytes overlap: there is no sum. */
export function CatalogSelection<Item>({ store, present, shown, act, onAct }: CatalogSelectionProps<Item>) {
  const chosen = useStore(store);
  const entries = chosen.kind === "some" ? [...chosen.items] : [];
  if (entries.length === 0) return null;
  const here = entries.filter(([key]) => present.has(key));
  const gone = entries.length - here.length;
  const outside = here.filter(([key]) => !shown.has(key)).length;
  return (
    <section className={styles.bar} aria-label="Selection">
      <b>{formatCount(entries.length)} selected</b>
      {gone > 0 && <span className="muted">{formatCount(gone)} gone</span>}
      {outside > 0 && <span className="muted">{formatCount(outside)} outside this query</span>}
      <span className="grow" />
      <ActButton act={act} isFree={here.length > 0} onPress={() => onAct(here.map(([, item]) => item))} />
      <Button isSmall look="ghost" icon={X} onClick={() => store.set(nothing)}>
        Clear
      </Button>
    </section>
  );
}

interface ActButtonProps {
  readonly act: string;
  readonly isFree: boolean;
  readonly onPress: () => void;
}

function ActButton({ act, isFree, onPress }: ActButtonProps) {
  useShortcut("Delete", `${act} the selection…`, "Acts", () => isFree && onPress());
  return (
    <Button isSmall look="danger" icon={Trash2} disabled={!isFree} onClick={onPress}>
      {act}…
    </Button>
  );
}
