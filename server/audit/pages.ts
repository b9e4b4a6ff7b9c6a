import { createHash } from "node:crypto";
import type { AuditEvent } from "../../content/audit.ts";
import { ContentError } from "../../content/errors.ts";
import { now } from "../clock.ts";
import type { Access } from "../policy/access.ts";
import { readableNames } from "../policy/readable.ts";
import type { Audit } from "./audit.ts";
import type { EventSelection } from "./select.ts";
import { compileEvents, isWhole } from "./select.ts";

/** Milliseconds that a total is counted for. */
export const countMs = 1000;

/** Which events of a selection are wanted, newest first. */
export interface EventPageRequest {
  readonly size: number;
  /** From the page before; empty: the first. */
  readonly token: string;
  /** Without a token: only those with a smaller number; 0: from the newest on. */
  readonly before: number;
}

/** Some events. */
export interface EventPage {
  readonly events: readonly AuditEvent[];
  /** Empty: there is no further page. */
  readonly next: string;
  /** Events of the selection; at least so many where it is not exact. */
  readonly total: number;
  readonly isExact: boolean;
}

/** What is asked for, as far as its caller may see it. @param namespaces none: every one @throws as readableNames */
export function visibleEvents(
  { query, namespaces }: { readonly query: string; readonly namespaces: readonly string[] },
  access: Access,
): EventSelection {
  const names = readableNames(namespaces.length === 0 ? ["*"] : namespaces, access);
  if (names.length > 1 && names.includes("*")) {
    throw new ContentError("invalid-argument", "namespaces: * stands alone");
  }
  return { query, namespaces: names[0] === "*" ? "*" : names, stores: access.stores };
}

/** @throws `invalid-argument` for a token of another selection, or none; what compileEvents throws; `cancelled` */
export async function readEventsPage(
  { range, reader }: Pick<Audit, "range" | "reader">,
  selection: EventSelection,
  { size, token, before }: EventPageRequest,
  signal: AbortSignal,
): Promise<EventPage> {
  const condition = compileEvents(selection, now());
  const mark = createHash("sha256").update(JSON.stringify(selection)).digest("base64url").slice(0, 16);
  const end = token === "" ? before : numberOf(token, mark);
  const { first, last } = range;
  const events: AuditEvent[] = [];
  const found = reader.newest({ first, last: end === 0 ? last : Math.min(last, end - 1) }, condition, size + 1, signal);
  for await (const some of found) events.push(...some);
  const whole = { count: first === 0 ? 0 : last - first + 1, isExact: true };
  const { count, isExact } = isWhole(selection)
    ? whole
    : await reader.count({ first, last }, condition, countMs, signal);
  const isLast = events.length <= size;
  const shown = isLast ? events : events.slice(0, size);
  const next = isLast ? "" : Buffer.from(`${mark} ${shown.at(-1)?.id}`).toString("base64url");
  return { events: shown, next, total: count, isExact };
}

function numberOf(token: string, mark: string): number {
  const [, of, number] = /^(\S{16}) (\d{1,15})$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (number === undefined) {
    throw new ContentError("invalid-argument", "page_token is none of this server's; begin without one");
  }
  if (of !== mark) {
    throw new ContentError("invalid-argument", "page_token is of another selection; begin without one");
  }
  return Number(number);
}
