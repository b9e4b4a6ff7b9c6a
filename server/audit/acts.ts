import type { DescMethod } from "@bufbuild/protobuf";
import type { AuditAct, AuditKind } from "../../content/audit.ts";

/** What calls of a method do. */
export interface MethodAct {
  readonly act: AuditAct;
  readonly kind: AuditKind;
  /** True: only some of its calls do, those of which the service notes facts; absent: all. */
  readonly isNoted?: true;
}

/** Methods that change something, by their names in the log. A test holds that none is missing. */
const acts: Readonly<Record<string, MethodAct>> = {
  "containerd.services.content.v1.Content/Update": { act: "label", kind: "blob" },
  "containerd.services.content.v1.Content/Delete": { act: "delete", kind: "blob" },
  // Bytes that arrive change nothing that anybody sees: the commit does.
  "containerd.services.content.v1.Content/Write": { act: "write", kind: "blob", isNoted: true },
  "containerd.services.content.v1.Content/Abort": { act: "abort", kind: "ingest" },
  "stowage.v1.ContentService/Write": { act: "write", kind: "blob", isNoted: true },
  "containerd.services.images.v1.Images/Create": { act: "create", kind: "image" },
  "containerd.services.images.v1.Images/Update": { act: "update", kind: "image" },
  "containerd.services.images.v1.Images/Delete": { act: "delete", kind: "image" },
  "containerd.services.leases.v1.Leases/Create": { act: "create", kind: "lease" },
  "containerd.services.leases.v1.Leases/Delete": { act: "delete", kind: "lease" },
  "containerd.services.leases.v1.Leases/AddResource": { act: "add", kind: "lease" },
  "containerd.services.leases.v1.Leases/DeleteResource": { act: "remove", kind: "lease" },
  "stowage.v1.CatalogService/ExtendLease": { act: "extend", kind: "lease" },
  "stowage.v1.CatalogService/FetchMissing": { act: "fetch", kind: "image" },
  "containerd.services.namespaces.v1.Namespaces/Create": { act: "create", kind: "namespace" },
  "containerd.services.namespaces.v1.Namespaces/Update": { act: "update", kind: "namespace" },
  "containerd.services.namespaces.v1.Namespaces/Delete": { act: "delete", kind: "namespace" },
  "stowage.v1.CompareService/CopyMissing": { act: "copy", kind: "blob" },
  // One that is over is only forgotten.
  "stowage.v1.CompareService/EndCopy": { act: "abort", kind: "blob", isNoted: true },
  "stowage.v1.AccessService/SignIn": { act: "sign-in", kind: "session" },
  "stowage.v1.AccessService/SignOut": { act: "sign-out", kind: "session", isNoted: true },
  "stowage.v1.AccessService/CreateToken": { act: "create", kind: "token" },
  "stowage.v1.AccessService/RevokeToken": { act: "revoke", kind: "token" },
};

/** The name of a method, as in the log. */
export function methodName({ parent, name }: DescMethod): string {
  return `${parent.typeName}/${name}`;
}

/** What calls of a method do; absent: they change nothing that is recorded. */
export function actOf(method: DescMethod): MethodAct | undefined {
  const name = methodName(method);
  return Object.hasOwn(acts, name) ? acts[name] : undefined;
}
