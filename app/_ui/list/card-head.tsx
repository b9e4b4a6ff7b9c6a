"use client";
import { ArrowDown, ArrowUp, ArrowUpDown } from "lucide-react";
import { Suspense } from "react";
import { Button } from "../button.tsx";
import { Menu } from "../popups/index.ts";
import { useOpener } from "../use-opener.ts";
import type { Column } from "./column.ts";
import styles from "./list.module.css";
import type { ListProps } from "./list-props.ts";
import type { AllSelection } from "./select-all.tsx";
import { SelectAll } from "./select-all.tsx";

interface CardHeadProps extends Pick<ListProps<never>, "sort" | "onSort"> {
  readonly columns: readonly Pick<Column<never>, "id" | "header" | "isSortable">[];
  readonly selection: AllSelection | undefined;
}

/** What headers do elsewhere, above rows that are cards: choose all, and sort. */
export function CardHead({ selection, ...order }: CardHeadProps) {
  return (
    <div role="row" aria-rowindex={1} className={styles.cardHead}>
      {selection && (
        <div role="columnheader" className={styles.choice}>
          <SelectAll selection={selection} />
        </div>
      )}
      <div role="columnheader">
        <SortMenu {...order} />
      </div>
    </div>
  );
}

/** The order of the rows; chosen again, a column is sorted by the other way. */
function SortMenu({ columns, sort, onSort }: Omit<CardHeadProps, "selection">) {
  const { anchor, isOpen, toggle, close } = useOpener();
  const sortable = columns.filter(({ isSortable }) => isSortable);
  const [first] = sort;
  const header = sortable.find(({ id }) => id === first?.id)?.header;
  if (sortable.length === 0) return null;
  return (
    <>
      <Button
        ref={anchor}
        isSmall
        look="ghost"
        icon={ArrowUpDown}
        iconAfter={first?.isDescending ? ArrowDown : ArrowUp}
        aria-label={`Sorted by ${header}, ${wayOf(first?.isDescending)}`}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        onClick={toggle}
      >
        {header}
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <Menu
            anchor={anchor}
            label="Sort by"
            align="end"
            onClose={close}
            groups={[
              sortable.map(({ id, header }) => {
                const key = sort.find((each) => each.id === id);
                return {
                  key: id,
                  label: header,
                  ...(key && { note: wayOf(key.isDescending) }),
                  isChosen: key !== undefined,
                  onSelect: () => onSort(id, false),
                };
              }),
            ]}
          />
        </Suspense>
      )}
    </>
  );
}

function wayOf(isDescending = false): string {
  return isDescending ? "descending" : "ascending";
}
