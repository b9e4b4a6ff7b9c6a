import { ContentError, isKind } from "../../content/errors.ts";
import type { Identity } from "./access.ts";
import type { Authenticator } from "./authenticate.ts";
import { nobody } from "./authenticate.ts";
import type { Call } from "./call.ts";
import type { CallHeaders } from "./headers.ts";
import { localPeer, storeHeader, withIdentity, withScope } from "./identify.ts";
import type { Permission } from "./permissions.ts";
import { requireRole, requireStore } from "./permissions.ts";

/** How calls are admitted. */
export interface Admission {
  /** Says who calls; absent: everybody may do everything. */
  readonly auth?: Authenticator;
  /** @returns the name of the store that a call is about. @param name empty: it names none @throws `not-found`; absent: there is one */
  readonly storeName?: (name: string) => string;
  /** The namespace of every call of a containerd that has this server as its content store; absent: each call says its own. */
  readonly namespace?: string;
}

/** The call with who makes it. Where that is not known, `refused` says why. */
export function withCaller(call: Call, headers: CallHeaders, { auth, namespace }: Admission): Call {
  const { address } = call.caller;
  // A containerd has nothing to show. The mode of its socket says who it is.
  if (auth === undefined || (namespace !== undefined && address === localPeer)) return call;
  const found = auth.identify(headers, address);
  return found instanceof ContentError ? { ...withIdentity(call, nobody), refused: found } : withIdentity(call, found);
}

/** @throws why it is not known who calls; `permission-denied` where their role does not do */
export function requireCaller({ refused, access }: Call, permission: Permission): void {
  if (permission.needs !== "open" && refused !== undefined) throw refused;
  requireRole(access, permission);
}

/**
 * The call with its store, namespace and lease.
 *
 * @throws `permission-denied` for a store or a namespace that the caller may not see; `not-found` for a store that there is not;
 * `invalid-argument` for a namespace that is no identifier
 */
export function placed(call: Call, headers: CallHeaders, { ofStore }: Permission, { storeName }: Admission): Call {
  const named = headers.get(storeHeader) ?? "";
  if (!ofStore) return call;
  const store = storeName === undefined ? "" : seenStore(call, named, storeName);
  return withScope({ ...call, store }, headers.get("containerd-namespace"), headers.get("containerd-lease"));
}

/** The name of a store that the caller may see. @param named empty: the default one */
export function seenStore({ access }: Call, named: string, storeName: (name: string) => string): string {
  if (named !== "") requireStore(access, named);
  const name = found(named, storeName, access);
  requireStore(access, name);
  return name;
}

/** What there is beside it is not told to whom may not see all. */
function found(named: string, storeName: (name: string) => string, { stores }: Identity["access"]): string {
  try {
    return storeName(named);
  } catch (error) {
    if (stores === "*" || !isKind(error, "not-found")) throw error;
    throw new ContentError("not-found", `store ${JSON.stringify(named)}`, { cause: error });
  }
}
