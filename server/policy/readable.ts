import type { Access } from "./access.ts";
import { requireNamespace } from "./permissions.ts";

/**
 * The namespaces that a request names, as far as its caller may see them: `*` alone stands for all of those.
 *
 * @returns as Selection.namespaces; what is no selection is passed on, and refused where it is read
 * @throws `permission-denied` for one that the caller may not see
 */
export function readableNames(names: readonly string[], access: Access): readonly string[] {
  const { namespaces } = access;
  if (namespaces === "*") return names;
  if (names.length === 1 && names[0] === "*") return namespaces;
  for (const name of names) if (name !== "*") requireNamespace(access, name);
  return names;
}

/** What names namespaces, with those that its caller may see in their place. @throws as readableNames */
export function readable<Asked extends { readonly namespaces?: readonly string[] }>(
  asked: Asked,
  access: Access,
): Asked {
  if (access.namespaces === "*") return asked;
  return { ...asked, namespaces: readableNames(asked.namespaces ?? [], access) };
}
