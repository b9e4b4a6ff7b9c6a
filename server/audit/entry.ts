import type { AuditAct, AuditCause, AuditChange, AuditEvent, AuditKind } from "../../content/audit.ts";
import { oneLine } from "../one-line.ts";

/** Something to be recorded; what is absent is empty, or 0. */
export interface AuditEntry extends Partial<Omit<AuditEvent, "id" | "act" | "kind" | "cause" | "changesLeftOut">> {
  readonly act: AuditAct;
  readonly kind?: AuditKind | "";
  /** Absent: a client asked for it. */
  readonly cause?: AuditCause;
}

/** An event before it has a number. */
export type Unnumbered = Omit<AuditEvent, "id">;

/** Characters that are kept: of names, of errors and addresses, and bytes of all changes together. */
const limits = { name: 1024, text: 512, change: 1024, changes: 4096 } as const;

/** An entry with all that an event has, in bounds. @param at when it happened, where the entry does not say */
export function eventOf(entry: AuditEntry, at: Date): Unnumbered {
  const { changes, leftOut } = boundChanges(entry.changes ?? []);
  return {
    at: entry.at ?? at,
    who: oneLine(entry.who ?? "", limits.name),
    peer: oneLine(entry.peer ?? "", limits.text),
    userAgent: oneLine(entry.userAgent ?? "", limits.text),
    act: entry.act,
    method: entry.method ?? "",
    store: oneLine(entry.store ?? "", limits.name),
    namespace: oneLine(entry.namespace ?? "", limits.name),
    kind: entry.kind ?? "",
    name: oneLine(entry.name ?? "", limits.name),
    digest: oneLine(entry.digest ?? "", limits.name),
    ...(entry.bytes !== undefined && { bytes: entry.bytes }),
    code: entry.code ?? "ok",
    error: withoutPaths(oneLine(entry.error ?? "", limits.text)),
    call: entry.call ?? "",
    cause: entry.cause ?? "client",
    more: entry.more ?? 0,
    changes,
    changesLeftOut: leftOut,
  };
}

/** Where on the server something is, is nobody's business who only reads what happened. */
function withoutPaths(text: string): string {
  return text.replaceAll(/(^|[\s'"(=])\/(?:[^\s'":,)]+\/)+[^\s'":,)]*/g, "$1…");
}

function boundChanges(all: readonly AuditChange[]): {
  readonly changes: readonly AuditChange[];
  readonly leftOut: number;
} {
  const changes: AuditChange[] = [];
  let size = 0;
  for (const { name, before, after } of all) {
    const change = {
      name: name.slice(0, limits.change),
      ...(before !== undefined && { before: before.slice(0, limits.change) }),
      ...(after !== undefined && { after: after.slice(0, limits.change) }),
    };
    size += Buffer.byteLength(JSON.stringify(change)) + 1;
    if (size > limits.changes) break;
    changes.push(change);
  }
  return { changes, leftOut: all.length - changes.length };
}
