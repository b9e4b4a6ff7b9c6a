import type { Query, Target, Term } from "./ast.ts";
import { intervalOf } from "./comparison.ts";
import { isClosed } from "./interval.ts";

/**
 * What a query means: every group has to hold, and a group holds when one of its terms does.
 *
 * Terms stand in one group where a person means "or", because no row could meet two of them: namespaces, beginnings
 * of digests and patterns of `digest:`, values of one label key, `ref:`s, `name:`s, `id:`s, states, what events are asked by, and of one
 * of size, age and updated, the exact values and the ranges with two ends. All else stands alone: words, limits with one end, labels that must be
 * there, and whatever is excluded.
 */
export function groupsOf<T extends Target>(query: Query<T>): readonly (readonly Term<T>[])[] {
  const groups: Term<T>[][] = [];
  const shared = new Map<string, Term<T>[]>();
  for (const term of query.terms) {
    const name = term.excluded ? undefined : groupName(term);
    const group = name === undefined ? undefined : shared.get(name);
    if (group) {
      group.push(term);
      continue;
    }
    const begun = [term];
    groups.push(begun);
    if (name !== undefined) shared.set(name, begun);
  }
  return groups;
}

function groupName({ condition }: Term): string | undefined {
  switch (condition.field) {
    case "ns":
    case "digest":
    case "ref":
    case "name":
    case "id":
    case "state":
    case "who":
    case "from":
    case "object":
    case "store":
    case "code":
    case "act":
    case "kind":
    case "cause":
      return condition.field;
    case "size":
    case "age":
    case "updated":
      return isClosed(intervalOf(condition.range)) ? condition.field : undefined;
    case "label":
      return condition.value && `label:${condition.key}`;
    case "text":
    case "any-label":
      return undefined;
  }
}
