import type { DescMethod } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { AuditAct, AuditChange, AuditKind } from "../../content/audit.ts";
import type { Labels } from "../../content/store.ts";
import type { Call } from "./call.ts";
import type { Subject } from "./subject.ts";

/** What a service knows of what its call does, beside what the request says. */
export interface Facts {
  /** Instead of what its method does. */
  readonly act?: AuditAct;
  readonly kind?: AuditKind;
  /** Instead of the caller: who came in by this call. */
  readonly who?: string;
  /** Instead of what the call names by its headers. */
  readonly store?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly digest?: string;
  /** Written, removed or dropped. */
  readonly bytes?: number;
  readonly changes?: readonly AuditChange[];
  /** True: it took effect, whatever becomes of the answer. */
  readonly done?: true;
}

/** Takes facts of a call; later ones go before earlier ones. */
export type Note = (facts: Facts) => void;

/** A call that would change something, and is over. */
export interface AuditedCall {
  readonly method: DescMethod;
  readonly call: Call;
  /** The names in its request. */
  readonly subject: Subject;
  /** None: its service said nothing. */
  readonly facts: Facts | undefined;
  /** What its client got; absent: it went well. */
  readonly error?: ConnectError;
}

/** Is told of every call that would change something, whatever way it comes in; it is quick and does not throw. */
export interface CallAudit {
  /** True for methods whose calls are recorded: facts are wanted of them. */
  covers(method: DescMethod): boolean;
  end(call: AuditedCall): void;
}

/** Labels that differ, as changes; an empty value is none. */
export function labelChanges(before: Labels = {}, after: Labels = {}): readonly AuditChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
  return keys.flatMap((key) => changeOf(`label ${key}`, before[key] || undefined, after[key] || undefined));
}

/** A change of one thing; none where it is what it was. */
export function changeOf(name: string, before: string | undefined, after: string | undefined): readonly AuditChange[] {
  if (before === after) return [];
  return [{ name, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}
