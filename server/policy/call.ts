import { createContextKey } from "@connectrpc/connect";
import type { Caller } from "../../content/caller.ts";
import { ContentError } from "../../content/errors.ts";
import type { Scope } from "../../content/store.ts";
import type { Access } from "./access.ts";
import { fullAccess } from "./access.ts";
import type { Note } from "./facts.ts";

/** What policy found out about one call before any service sees it. */
export interface Call {
  /** Unique in this process; in the log line and in an internal error's detail. */
  readonly id: string;
  /** The store that it is about; empty where there is only one. */
  readonly store: string;
  /** From `containerd-namespace`, valid; absent where the header is. */
  readonly namespace?: string;
  /** From `containerd-lease`. */
  readonly lease?: string;
  readonly caller: Caller;
  readonly access: Access;
  /** Why it is not known who calls: only of methods that are open to everybody; absent: it is known. */
  readonly refused?: ContentError;
  /** Milliseconds to wait for a writer to let go; absent: as the store does. */
  readonly waitMs?: number;
  /** Takes what a service knows of the change that the call makes; absent: nobody wants to know. */
  readonly note?: Note;
}

/** Set by the policy interceptor on every call; services read it from the handler's context. */
export const callKey = createContextKey<Call>(
  { id: "", store: "", caller: { identity: "", userAgent: "", address: "" }, access: fullAccess },
  { description: "the call as policy sees it" },
);

/** The scope of a call that works in one namespace. @throws `failed-precondition` "namespace is required" without the header */
export function scopeOf(call: Call): Scope {
  if (call.namespace === undefined) throw new ContentError("failed-precondition", "namespace is required");
  return {
    namespace: call.namespace,
    caller: call.caller,
    ...(call.lease !== undefined && { lease: call.lease }),
    ...(call.waitMs !== undefined && { waitMs: call.waitMs }),
  };
}
