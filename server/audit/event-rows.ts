import type { Selectable } from "kysely";
import type { AuditChange, AuditEvent } from "../../content/audit.ts";
import { microsOf, toMoment } from "../../content/instant.ts";
import type { Connection } from "../metadata/database/connection.ts";
import { withValues } from "../metadata/database/queries.ts";
import type { EventTable } from "./schema.ts";
import { auditQueries } from "./schema.ts";

const columns = [
  "id",
  "at",
  "who",
  "peer",
  "user_agent",
  "act",
  "method",
  "store",
  "namespace",
  "kind",
  "name",
  "digest",
  "bytes",
  "code",
  "error",
  "call",
  "cause",
  "more",
  "changes",
  "left_out",
] as const satisfies readonly (keyof EventTable)[];

const insert = auditQueries.insertInto("event").values(blankRow()).compile();

function blankRow(): EventTable {
  const row = Object.fromEntries(columns.map((name) => [name, ""]));
  return row as unknown as EventTable;
}

/** Write an event under its number. */
export function insertEvent(connection: Connection, { id, at, ...event }: AuditEvent): void {
  const values = [
    ...[id, microsOf(at), event.who, event.peer, event.userAgent, event.act, event.method, event.store],
    ...[event.namespace, event.kind, event.name, event.digest, event.bytes ?? null, event.code, event.error],
    ...[event.call, event.cause, event.more, changesToColumn(event.changes), event.changesLeftOut],
  ];
  connection.run(withValues(insert, values));
}

/** A stored row as the domain knows it. */
export function eventFromColumns({
  id,
  at,
  user_agent: userAgent,
  bytes,
  changes,
  left_out: changesLeftOut,
  ...row
}: Selectable<EventTable>): AuditEvent {
  return {
    ...row,
    id,
    at: toMoment(at),
    userAgent,
    ...(bytes !== null && { bytes }),
    changes: changesFromColumn(changes),
    changesLeftOut,
  };
}

function changesToColumn(changes: readonly AuditChange[]): string {
  return changes.length === 0 ? "" : JSON.stringify(changes);
}

function changesFromColumn(text: string): readonly AuditChange[] {
  return text === "" ? [] : (JSON.parse(text) as readonly AuditChange[]);
}
