"use client";
import { Button } from "../_ui/button.tsx";
import type { RowAct } from "./row-act.ts";

interface PanelActsProps {
  readonly acts: readonly RowAct[];
  /** Keys of those that the panel shows, in order. */
  readonly shown: readonly string[];
  /** The key of the one that stands out. */
  readonly primary: string;
}

/** Acts of a row as the buttons of its panel. */
export function PanelActs({ acts, shown, primary }: PanelActsProps) {
  return shown.map((key) => {
    const act = acts.find((each) => each.key === key);
    if (act === undefined) return null;
    return (
      <Button
        key={key}
        icon={act.icon}
        look={key === primary ? "primary" : "plain"}
        needs={act.needs}
        onClick={act.run}
      >
        {act.label}
      </Button>
    );
  });
}
