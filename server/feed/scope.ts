import { ContentError } from "../../content/errors.ts";
import { validateNamespace } from "../../content/identifiers.ts";
import type { Selection } from "../../content/remote/events.ts";
import type { Namespaces } from "../metadata/set.ts";

/** Namespaces that one selection may name. */
const maxNamespaces = 100;

/** The namespaces of a selection. */
export interface SelectedScope {
  readonly namespaces: Namespaces;
  /** True for a row of a chosen namespace, whatever the rest of the selection says. */
  covers(row: { readonly namespace: string }): boolean;
}

/**
 * The namespaces that a selection names, or else the one of the call.
 *
 * @throws `failed-precondition` "namespace is required" when neither names one; `invalid-argument` for a namespace that is
 * none, for `*` beside other names, and for more than 100 namespaces
 */
export function chooseScope({ namespaces: named = [] }: Selection, namespace: string | undefined): SelectedScope {
  const namespaces = chooseNamespaces(named, namespace);
  const names = namespaces === "*" ? undefined : new Set(namespaces);
  return { namespaces, covers: (row) => names === undefined || names.has(row.namespace) };
}

function chooseNamespaces(names: readonly string[], namespace: string | undefined): Namespaces {
  if (names.length === 0) {
    if (namespace === undefined) throw new ContentError("failed-precondition", "namespace is required");
    return [namespace];
  }
  if (names.includes("*")) {
    if (names.length > 1) throw new ContentError("invalid-argument", "namespaces: * stands alone");
    return "*";
  }
  if (names.length > maxNamespaces) {
    throw new ContentError("invalid-argument", `namespaces: more than ${maxNamespaces} names`);
  }
  for (const name of names) validateNamespace(name);
  return [...new Set(names)];
}
