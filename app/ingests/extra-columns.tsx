import type { ReactNode } from "react";
import { serverNow } from "../_live/clock.ts";
import { Bytes } from "../_ui/bytes.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import { unknown } from "../_ui/format.ts";
import type { Column } from "../_ui/list/column.ts";
import { TimeOfDay } from "../_ui/time.tsx";
import { cellOf } from "./cell-of.ts";
import { AgeOf } from "./cells.tsx";
import styles from "./ingests.module.css";
import type { Line } from "./line.ts";
import { bytesThisMinute } from "./spark.ts";

const expected: Column<Line> = {
  id: "expected",
  header: "Expected",
  width: "minmax(168px, 200px)",
  isSortable: true,
  className: styles.more,
  cell: cellOf(
    ({ row }) => orUnknown(row.status.expected && <DigestText digest={row.status.expected} />),
    (ended) => orUnknown(ended.digest && <DigestText digest={ended.digest} />),
  ),
};

const total: Column<Line> = {
  id: "total",
  header: "Total",
  width: "96px",
  align: "end",
  isSortable: true,
  className: styles.more,
  cell: cellOf(
    ({ row }) => orUnknown(row.status.total > 0 && <Bytes of={row.status.total} />),
    () => "",
  ),
};

const started: Column<Line> = {
  id: "started",
  header: "Started",
  width: "92px",
  align: "end",
  isSortable: true,
  className: styles.more,
  cell: cellOf(
    ({ row }) => <TimeOfDay at={row.status.startedAt} />,
    (ended) => <TimeOfDay at={ended.startedAt} />,
  ),
};

const updated: Column<Line> = {
  id: "updated",
  header: "Updated",
  width: "92px",
  align: "end",
  isSortable: true,
  className: styles.more,
  cell: cellOf(
    ({ row }) => <AgeOf atMs={row.status.updatedAt.getTime()} />,
    (ended) => <TimeOfDay at={ended.endedAt} />,
  ),
};

const minute: Column<Line> = {
  id: "minute",
  header: "This minute",
  width: "104px",
  align: "end",
  isSortable: true,
  className: styles.more,
  cell: cellOf(
    ({ samples }) => <Bytes of={bytesThisMinute(samples, serverNow())} />,
    () => "",
  ),
};

function orUnknown(content: ReactNode): ReactNode {
  return content || <span className="faint">{unknown}</span>;
}

/** Columns that are hidden until somebody wants to see them. */
export const extraColumns: readonly Column<Line>[] = [expected, total, minute, started, updated].map((column) => ({
  ...column,
  isExtra: true,
}));
