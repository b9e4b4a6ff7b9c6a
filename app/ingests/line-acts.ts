import { ArrowUpRight, Copy, X } from "lucide-react";
import { queryStates, quoteValue } from "../../content/query.ts";
import { ctrActs } from "../_catalog/ctr-act.ts";
import type { RowAct } from "../_catalog/row-act.ts";
import type { IngestRow } from "../_live/ingests.ts";
import { ctrActive } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import { hrefOfEnded } from "./ended.ts";
import type { Line } from "./line.ts";
import { partsOfRef } from "./ref.ts";

/** What can be done with an ingest, or with one that ended; nothing with a heading. */
export function actsOfLine(
  line: Line,
  onAbort: (row: IngestRow) => void,
  open: (href: string) => void,
): readonly RowAct[] {
  if (line.kind === "heading") return [];
  if (line.kind === "ended") {
    const href = hrefOfEnded(line.ended);
    return [
      ...(href === undefined ? [] : [{ key: "open", label: "Open blob", icon: ArrowUpRight, run: () => open(href) }]),
      copyAct(line.ended.ref),
    ];
  }
  const { namespace, status } = line.row.row;
  const canAbort = line.row.goneAt === undefined && !line.isAborting;
  const abort: RowAct = {
    key: "abort",
    label: "Abort…",
    icon: X,
    shortcut: "a",
    isDanger: true,
    needs: "change",
    run: () => onAbort(line.row),
  };
  return [
    copyAct(status.ref),
    ...ctrActs((socket) => ctrActive({ socket, namespace }, status.ref)),
    ...(canAbort ? [abort] : []),
  ];
}

function copyAct(ref: string): RowAct {
  return { key: "ref", label: "Copy ref", icon: Copy, shortcut: "c", run: () => void copyText(ref, "ref") };
}

/** Tokens of the query language that a line matches; none of a heading. */
export function tokensOfLine(line: Line): readonly string[] {
  if (line.kind === "heading") return [];
  const { namespace, ref, size } =
    line.kind === "ended" ? line.ended : { ...line.row.row, ...line.row.row.status, size: line.row.row.status.offset };
  const { prefix } = partsOfRef(ref);
  const state = line.kind === "ingest" ? queryStates.find((each) => each === line.row.row.state) : undefined;
  return [
    ...(state === undefined ? [] : [`state:${state}`]),
    `ref:${quoteValue(prefix === "" ? ref : prefix)}`,
    `ns:${quoteValue(namespace)}`,
    ...(size === 0 ? [] : [`size:>=${size}`]),
  ];
}
