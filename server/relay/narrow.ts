import type { DescMethod, DescService, Message } from "@bufbuild/protobuf";
import { ContentError } from "../../content/errors.ts";
import { Content } from "../../gen/containerd/services/content/v1/content_pb.js";
import { Images } from "../../gen/containerd/services/images/v1/images_pb.js";
import { Leases } from "../../gen/containerd/services/leases/v1/leases_pb.js";
import type { Selection } from "../../gen/stowage/v1/content_pb.js";
import { ContentService } from "../../gen/stowage/v1/content_pb.js";
import type { Access } from "../policy/access.ts";
import { requireNamespace } from "../policy/permissions.ts";
import { readable } from "../policy/readable.ts";

/** Services whose calls are about the namespace of their header, which policy has looked at, unless their request names others. */
const byHeader: readonly DescService[] = [Content, ContentService, Images, Leases];

/** What of a request names namespaces. */
interface Asked {
  readonly selection?: Selection;
  readonly namespaces?: readonly string[];
  readonly namespace?: unknown;
}

/**
 * A request with no more namespaces than its caller may see: the node knows this server, and not who calls it.
 *
 * @throws `permission-denied` for one that the caller may not see, and for what tells of all of them at once
 */
export function narrow(method: DescMethod, request: Message, access: Access): Message {
  if (access.namespaces === "*") return request;
  const asked = known(request as Message & Asked);
  if (asked.selection !== undefined) {
    return { ...asked, selection: readable(known(asked.selection), access) } as Message;
  }
  if (byHeader.includes(method.parent)) return asked;
  if (asked.namespaces !== undefined) return readable(asked as Message & { namespaces: readonly string[] }, access);
  if (typeof asked.namespace === "string") {
    // None is the one of the header.
    if (asked.namespace !== "") requireNamespace(access, asked.namespace);
    return asked;
  }
  throw new ContentError(
    "permission-denied",
    `who may not see every namespace may not call ${method.name} of a store elsewhere`,
  );
}

/** A message without what only a newer node would read in it: that may name namespaces too. */
function known<T extends Message>(message: T): T {
  const { $unknown: _, ...fields } = message;
  return fields as unknown as T;
}
