"use client";
import { Trash2 } from "lucide-react";
import { useMemo } from "react";
import type { CatalogSet } from "../_live/catalog-events.ts";
import { useStore } from "../_live/hooks.ts";
import type { WritableStore } from "../_live/store.ts";
import { Button } from "../_ui/button.tsx";
import { type Chosen, nothing } from "../_ui/list/chosen.ts";
import { SelectionBar } from "../_ui/list/selection-bar.tsx";
import { useShortcut } from "../_ui/shortcuts.ts";
import type { CatalogQuery } from "./catalog-query.ts";
import type { Named } from "./chosen-now.ts";
import { chosenNow } from "./chosen-now.ts";
import type { Catalog } from "./use-catalog.ts";

interface CatalogSelectionProps<Set extends CatalogSet, Item> {
  readonly catalog: Catalog<Set>;
  readonly store: WritableStore<Chosen<Item, CatalogQuery>>;
  /** The same function each time. */
  readonly namedOf: (item: Item) => Named;
  /** Keys of all rows that are here, whatever the query. */
  readonly present: ReadonlySet<string>;
  /** Keys of those that the query asks for. */
  readonly shown: ReadonlySet<string>;
  /** The act, such as `Untag`. */
  readonly act: string;
  readonly onAct: (items: readonly Item[]) => void;
}

/** The rows that are chosen, and what can be done with them; absent with nothing chosen. Bytes overlap: there is no sum. */
export function CatalogSelection<Set extends CatalogSet, Item>(props: CatalogSelectionProps<Set, Item>) {
  const { catalog, store, namedOf, present, shown, act, onAct } = props;
  const { names, kind, setQuery } = catalog;
  const isComplete = catalog.view.isComplete;
  const chosen = useStore(store);
  const items = chosen.kind === "some" ? chosen.items : undefined;
  const now = useMemo(
    () => items && chosenNow(items, namedOf, { names, isComplete, present, shown, field: kind.nameField }),
    [items, namedOf, names, isComplete, present, shown, kind],
  );
  if (items === undefined || now === undefined || items.size === 0) return null;
  return (
    <SelectionBar
      totals={{ count: items.size }}
      words=""
      gone={now.gone}
      outside={now.outside}
      onOutside={setQuery}
      onClear={() => store.set(nothing)}
    >
      <ActButton act={act} isFree={now.here.length > 0} onPress={() => onAct(now.here)} />
    </SelectionBar>
  );
}

interface ActButtonProps {
  readonly act: string;
  readonly isFree: boolean;
  readonly onPress: () => void;
}

function ActButton({ act, isFree, onPress }: ActButtonProps) {
  useShortcut("Delete", `${act} the selection…`, "Acts", () => isFree && onPress(), "change");
  return (
    <Button isSmall look="danger" icon={Trash2} needs="change" disabled={!isFree} onClick={onPress}>
      {act}…
    </Button>
  );
}
