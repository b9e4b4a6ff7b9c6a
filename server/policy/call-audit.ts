import type { DescMethod } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import type { AuditChange } from "../../content/audit.ts";
import type { Labels } from "../../content/store.ts";
import type { Call } from "./call.ts";
import type { Facts } from "./facts.ts";
import type { Subject } from "./subject.ts";

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
