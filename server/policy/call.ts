import { createContextKey } from "@connectrpc/connect";
import type { Caller } from "../../content/caller.ts";
import { ContentError } from "../../content/errors.ts";
import type { Scope } from "../../content/store.ts";

/** What policy found out about one call before any service sees it. */
export interface Call {
  /** Unique in this process; in the log line and in an internal error's detail. */
  readonly id: string;
  /** From `containerd-namespace`, valid; absent where the header is. */
  readonly namespace?: string;
  /** From `containerd-lease`. */
  readonly lease?: string;
  readonly caller: Caller;
  /** Milliseconds to wait for a writer to let go; absent: as the store does. */
  readonly waitMs?: number;
}

/** Set by the policy interceptor on every call; services read it from the handler's context. */
export const callKey = createContextKey<Call>(
  { id: "", caller: { identity: "", userAgent: "", address: "" } },
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
