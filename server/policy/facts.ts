import type { AuditAct, AuditChange, AuditKind } from "../../content/audit.ts";

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
