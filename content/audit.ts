/** What can be done to content, and to what holds it or lets people in; `gap`: events could not be recorded. */
export const auditActs = [
  "write",
  "delete",
  "label",
  "abort",
  "create",
  "update",
  "extend",
  "add",
  "remove",
  "fetch",
  "copy",
  "revoke",
  "sign-in",
  "sign-out",
  "collect",
  "expire",
  "gap",
] as const;

export type AuditAct = (typeof auditActs)[number];

/** What an event can be about. */
export const auditKinds = ["blob", "ingest", "image", "lease", "namespace", "token", "session"] as const;

export type AuditKind = (typeof auditKinds)[number];

/** Why something was done: somebody asked for it, nothing led to it any more, or its time was over. */
export const auditCauses = ["client", "collection", "expiry"] as const;

export type AuditCause = (typeof auditCauses)[number];

/** What an event changed of its object. */
export interface AuditChange {
  /** Such as `label team`, `target` or `expires`. */
  readonly name: string;
  /** Absent: it was not there. */
  readonly before?: string;
  /** Absent: it is not there any more. */
  readonly after?: string;
}

/** Something that was done to content, or was to be done. */
export interface AuditEvent {
  /** Grows by one from event to event. */
  readonly id: number;
  readonly at: Date;
  /** Identity of the caller; empty: nobody was signed in, or it was the server itself. */
  readonly who: string;
  /** Where the call came from: `unix socket`, or an address; empty: from the server itself. */
  readonly peer: string;
  readonly userAgent: string;
  /** An AuditAct, or a word of a newer server. */
  readonly act: string;
  /** Such as `containerd.services.content.v1.Content/Delete`; empty: none was called. */
  readonly method: string;
  /** Names of the store and the namespace it is about; empty: of none. */
  readonly store: string;
  readonly namespace: string;
  /** An AuditKind, or a word of a newer server; empty: not known. */
  readonly kind: string;
  /** Ref, name or id; of a blob that was written the ref. */
  readonly name: string;
  /** Of the blob, or of the target of an image; empty: of none. */
  readonly digest: string;
  /** Written, removed or dropped; absent: that is not what it is about, or it is not known. */
  readonly bytes?: number;
  /** `ok`, or how it failed, such as `not-found`. */
  readonly code: string;
  /** Why it failed, in one line; empty where it did not. */
  readonly error: string;
  /** Names the call in the log of the server; empty: none was made. */
  readonly call: string;
  /** An AuditCause, or a word of a newer server. */
  readonly cause: string;
  /** Further events that are told by this one, alike and within a minute; of a `gap`, those that are lost. */
  readonly more: number;
  readonly changes: readonly AuditChange[];
  /** Changes that found no place among them. */
  readonly changesLeftOut: number;
}

/** What is kept of the audit. */
export interface AuditKept {
  /** When the oldest event happened; absent: there is none. */
  readonly since?: Date;
  /** Events go when they are so old; 0: never. */
  readonly maxAgeDays: number;
  /** Events go when there are more. */
  readonly maxEvents: number;
}
