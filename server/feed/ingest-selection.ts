import { compileFilters, statusAdaptor } from "../../content/filters.ts";
import type { IngestRow } from "../../content/query.ts";
import { compileIngestQuery, parseQuery } from "../../content/query.ts";
import { compileRegexp } from "../../content/regexp.ts";
import type { Selection } from "../../content/remote/events.ts";
import type { SelectedScope } from "./scope.ts";
import { chooseScope } from "./scope.ts";

/** A selection as tests of ingests. */
export interface CompiledIngestSelection extends SelectedScope {
  /** True where whatever is selected stays so until it ends: the query asks for nothing that changes. */
  readonly lasting: boolean;
  /** True for an ingest that is, or can become, one of the selection: it is asked what never changes. */
  coversIngest(ingest: { readonly namespace: string; readonly ref: string }): boolean;
  /** True for an ingest of the selection as it is now. */
  selectsIngest(ingest: IngestRow): boolean;
}

/** What a query can ask that changes while an ingest lives, or with the moment at which it is asked. */
const changing: readonly string[] = ["size", "state", "age"];

/**
 * A selection as tests of ingests: filters are or-ed, the regexp and the query are and-ed with them. Ages in the query are
 * those of now.
 *
 * @param namespace the one of the call, for a selection that names none
 * @throws `invalid-argument` for a filter, regexp or query that is none; what chooseScope throws
 */
export function compileIngestSelection(selection: Selection, namespace: string | undefined): CompiledIngestSelection {
  const scope = chooseScope(selection, namespace);
  const passes = compileFilters(selection.filters ?? []);
  const matches = compileRegexp(selection.regexp ?? "");
  const query = parseQuery(selection.query ?? "", "ingests", compileRegexp);
  const meets = compileIngestQuery(query, new Date(), compileRegexp);
  const coversIngest: CompiledIngestSelection["coversIngest"] = (ingest) =>
    scope.covers(ingest) && passes(statusAdaptor(ingest, ingest.namespace)) && matches(ingest.ref);
  return {
    ...scope,
    lasting: !query.terms.some(({ condition }) => changing.includes(condition.field)),
    coversIngest,
    selectsIngest: (ingest) => coversIngest({ namespace: ingest.namespace, ref: ingest.status.ref }) && meets(ingest),
  };
}
