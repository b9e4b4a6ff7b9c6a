"use client";
import { Columns3 } from "lucide-react";
import { Suspense } from "react";
import { Button } from "../button.tsx";
import { Menu } from "../popups/index.ts";
import { useOpener } from "../use-opener.ts";
import type { ColumnChoice } from "./use-columns.ts";

/** Shows and hides columns of a list. */
export function ColumnsButton<Row>({ choice }: { readonly choice: ColumnChoice<Row> }) {
  const { anchor, isOpen, toggle, close } = useOpener();
  const free = choice.ordered.filter(({ isFixed }) => !isFixed);
  return (
    <>
      <Button ref={anchor} icon={Columns3} aria-haspopup="menu" aria-expanded={isOpen} onClick={toggle}>
        Columns
      </Button>
      {isOpen && (
        <Suspense fallback={null}>
          <Menu
            anchor={anchor}
            label="Columns"
            align="end"
            onClose={close}
            groups={[
              free.map(({ id, header }) => ({
                key: id,
                label: header,
                isChosen: choice.shown.some((column) => column.id === id),
                onSelect: () => choice.toggle(id),
              })),
              [{ key: "reset", label: "As at first", onSelect: choice.reset }],
            ]}
          />
        </Suspense>
      )}
    </>
  );
}
