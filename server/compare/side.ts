import type { Caller } from "../../content/caller.ts";
import type { ComparedSide } from "../../content/compare/report.ts";
import { ContentError } from "../../content/errors.ts";
import { validateNamespace } from "../../content/identifiers.ts";
import type { Store } from "../../content/store.ts";
import type { Access } from "../policy/access.ts";
import { covers } from "../policy/access.ts";
import { requireNamespace, requireStore } from "../policy/permissions.ts";
import type { ServedStore, StoreSet } from "../store-set/store-set.ts";
import { unreachableText } from "../unreachable.ts";

/** One side of a comparison, of which is known that its caller may see it. */
export interface Side {
  readonly store: ServedStore;
  /** Sorted, each once. */
  readonly namespaces: readonly string[];
  /** For people, such as `node-9/k8s.io`. */
  readonly label: string;
}

/** Namespaces of a side, at most: each is walked through by a stream of its own, all at once, and a connection has not many. */
const mostNamespaces = 100;

/**
 * What a request's side is.
 *
 * @throws `permission-denied` for what the caller may not see; `not-found` for a store that there is not; `invalid-argument` for a
 * namespace that is none, and for too many; `unavailable` where the store does not tell its namespaces
 */
export async function findSide(
  stores: StoreSet,
  { store: name, namespaces: asked }: ComparedSide,
  access: Access,
  signal: AbortSignal,
): Promise<Side> {
  if (name !== "") requireStore(access, name);
  const store = stores.find(name);
  requireStore(access, store.name);
  if (asked.length > 0 && !(asked.length === 1 && asked[0] === "*")) {
    for (const namespace of asked) {
      validateNamespace(namespace);
      requireNamespace(access, namespace);
    }
    const namespaces = bounded(store, [...new Set(asked)].toSorted());
    return { store, namespaces, label: labelOf(store.name, namespaces) };
  }
  const all = await namingErrors(store.name, () => store.namespaces(signal));
  const namespaces = all.filter((namespace) => covers(access.namespaces, namespace)).toSorted();
  return { store, namespaces: bounded(store, namespaces), label: store.name };
}

function bounded({ name }: ServedStore, namespaces: readonly string[]): readonly string[] {
  if (namespaces.length <= mostNamespaces) return namespaces;
  const text = `${namespaces.length} namespaces of ${name} are more than the ${mostNamespaces} that can be compared at once; name some`;
  throw new ContentError("invalid-argument", text);
}

function labelOf(store: string, namespaces: readonly string[]): string {
  return `${store}/${namespaces.length === 1 ? namespaces[0] : `${namespaces.length} namespaces`}`;
}

/** @throws `permission-denied` where the caller may not see the side any more */
export function requireSide({ store, namespaces }: Side, access: Access): void {
  requireStore(access, store.name);
  for (const namespace of namespaces) requireNamespace(access, namespace);
}

/** The store of each of a side's namespaces. @param caller shown as the holder of what is written */
export function storesOf({ store, namespaces }: Side, caller?: Caller): readonly Store[] {
  return namespaces.map((namespace) => store.in({ namespace, ...(caller && { caller }) }));
}

/** Does something, and says in its errors what it was about. */
export async function namingErrors<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw named(name, error);
  }
}

/** An error with what it is about before its text, where it does not begin with that. */
export function named(name: string, error: unknown): unknown {
  if (!(error instanceof ContentError) || error.kind === "cancelled" || error.message.startsWith(`${name}: `))
    return error;
  // A relay's error tells where its node is, which is not for everybody.
  const text = (error.kind === "unavailable" ? unreachableText(error) : undefined) ?? error.message;
  return new ContentError(error.kind, `${name}: ${text}`, { cause: error, ...error.facts });
}
