"use client";
import { Circle, CircleSlash, X } from "lucide-react";
import type { PluginFacts } from "../../content/remote/plugins.ts";
import { Icon } from "../_ui/icon.tsx";
import { ErrorState } from "../_ui/states.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { askPlugins } from "./facts.ts";
import styles from "./settings.module.css";
import type { TableColumn } from "./table.tsx";
import { Table } from "./table.tsx";
import { useAnswer } from "./use-answer.ts";

const columns: readonly TableColumn<PluginFacts>[] = [
  { name: "Type", cell: ({ type }) => type },
  { name: "Id", cell: ({ id }) => id },
  { name: "State", cell: ({ state }) => <PluginSign state={state} /> },
  { name: "Requires", cell: ({ requires }) => requires.join(", ") },
  { name: "Facts", isLong: true, cell: ({ exports }) => wordsOf(exports) },
  { name: "Why not", isLong: true, cell: ({ reason }) => visibleText(reason) },
];

/** What the server is made of, and what of it does not work. */
export function PluginsTab() {
  const { value, error, retry } = useAnswer(askPlugins);
  if (value === undefined) return error === undefined ? null : <ErrorState error={error} onRetry={retry} />;
  const left = value.filter(({ state }) => state !== "open").map(({ type, id }) => `${type} ${id}`);
  return (
    <>
      <p className={styles.acts}>
        {value.length - left.length} open{left.length > 0 && `, all but ${left.join(", ")}`}. They are opened in this
        order, each after what it requires.
      </p>
      <Table label="Plugins" columns={columns} rows={value} keyOf={({ type, id }) => `${type} ${id}`} />
    </>
  );
}

const signs = {
  open: { icon: Circle, tone: "ok" },
  off: { icon: CircleSlash, tone: "muted" },
  failed: { icon: X, tone: "danger" },
} as const;

function PluginSign({ state }: Pick<PluginFacts, "state">) {
  const { icon, tone } = signs[state];
  return (
    <span className={styles.sign}>
      <Icon of={icon} size={state === "open" ? 10 : 14} isSolid={state === "open"} className={tone} /> {state}
    </span>
  );
}

function wordsOf(exports: PluginFacts["exports"]): string {
  return Object.entries(exports)
    .map(([name, value]) => `${name} ${visibleText(value)}`)
    .join(", ");
}
