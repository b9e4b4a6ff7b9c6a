import { randomBytes } from "node:crypto";
import { createContextKey } from "@connectrpc/connect";
import { validateNamespace } from "../../content/identifiers.ts";
import type { Identity } from "./access.ts";
import { fullAccess } from "./access.ts";
import type { Call } from "./call.ts";
import { requireNamespace, requireStore } from "./permissions.ts";

/** The peer of everything that comes over a unix socket; no address is written so. */
export const localPeer = "unix socket";

/** The connection that a call comes on, to tell it from others; absent: not known. A listener sets it on every call. */
export const connectionKey = createContextKey<object | undefined>(undefined, { description: "connection of the peer" });

/** Which store a call is about. */
export const storeHeader = "stowage-store";

/** Characters of a user agent that are kept. */
const maxUserAgentLength = 200;

/** Tells the calls of this process from those of the one before, in one log. */
const boot = randomBytes(3).toString("hex");
let calls = 0;

/** A call that nothing is known of yet but who makes it. */
export function beginCall(userAgent: string | null, address: string): Call {
  calls += 1;
  return {
    id: `${boot}-${calls}`,
    store: "",
    caller: { identity: "", userAgent: printable(userAgent ?? ""), address },
    access: fullAccess,
  };
}

/** The call as of the one who makes it. */
export function withIdentity(call: Call, { name, access }: Identity): Call {
  return { ...call, caller: { ...call.caller, identity: name }, access };
}

/**
 * The call with its namespace and lease. Of several values of a header the first counts, as in containerd.
 *
 * @param namespace value of `containerd-namespace`; null or empty: none
 * @param lease value of `containerd-lease`, any text; null or empty: none
 * @throws `invalid-argument` for a namespace that is no identifier; `permission-denied` for one that the caller may not see
 */
export function withScope(call: Call, namespace: string | null, lease: string | null): Call {
  const name = first(namespace);
  const leaseId = first(lease);
  if (name !== "") validateNamespace(name);
  if (name !== "") requireNamespace(call.access, name);
  return { ...call, ...(name !== "" && { namespace: name }), ...(leaseId !== "" && { lease: leaseId }) };
}

/**
 * How long a containerd waits for a writer of another of its calls, in milliseconds. It holds the lock of its database meanwhile,
 * but a writer that it closed just before is let go of only once the end of that call was seen.
 */
const backendWaitMs = 200;

/**
 * The call of a containerd that has this server as its content store: all that it does is in one namespace of one store.
 *
 * @param store its name; absent: there is one
 * @throws `permission-denied` where it shows a token that may not see them
 */
export function asBackend(call: Call, namespace: string, store?: string): Call {
  if (store !== undefined) requireStore(call.access, store);
  requireNamespace(call.access, namespace);
  return { ...call, namespace, waitMs: backendWaitMs };
}

/** A comma joins several values of one header; no namespace holds one, and no lease that containerd makes. */
function first(value: string | null): string {
  return (value ?? "").split(",", 1)[0]?.trim() ?? "";
}

function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, "").slice(0, maxUserAgentLength);
}
