import { blobAdaptor, compileFilters } from "../../content/filters.ts";
import type { QueryBounds } from "../../content/query.ts";
import { compileBlobQuery, parseQuery, queryBounds } from "../../content/query.ts";
import { compileRegexp } from "../../content/regexp.ts";
import type { Selection } from "../../content/remote/events.ts";
import { piecesOf, requiredText } from "../../content/required-text.ts";
import type { Namespaces } from "../metadata/set.ts";
import type { BlobRow } from "./change.ts";
import type { SelectedScope } from "./scope.ts";
import { chooseScope } from "./scope.ts";

/** A selection as it can be handed to a thread. */
export interface AskedSelection {
  /** Its namespaces do not count. */
  readonly selection: Selection;
  readonly namespaces: Namespaces;
  /** What ages are counted from, in milliseconds since 1970. */
  readonly nowMs: number;
}

/** A selection as tests of blobs. */
export interface CompiledSelection extends SelectedScope {
  /** What it was compiled of. */
  readonly asked: AskedSelection;
  /** True when filters, regexp and query let everything through. */
  readonly whole: boolean;
  /** True where a blob that does not change stays in or out: the query asks no ages, which go by the moment of asking. */
  readonly lasting: boolean;
  /** What every blob has that the query selects, as an index can tell; absent where there is no query. */
  readonly bounds: QueryBounds | undefined;
  /** Each occurs in the digest of every blob that the selection lets through, or in a key or a value of its labels. */
  readonly texts: readonly string[];
  /** True for a blob of the selection. */
  selectsBlob(row: BlobRow): boolean;
}

/** What a query can ask that goes by the moment at which it is asked. */
const aging: readonly string[] = ["age", "updated"];

/**
 * A selection as tests of blobs: filters are or-ed, the regexp and the query are and-ed with them. Ages in the query
 * are those of now.
 *
 * @param namespace the one of the call, for a selection that names none
 * @param now what ages are counted from
 * @throws `invalid-argument` for a filter, regexp or query that is none; what chooseScope throws
 */
export function compileSelection(
  selection: Selection,
  namespace: string | undefined,
  now = new Date(),
): CompiledSelection {
  const scope = chooseScope(selection, namespace);
  const filters = selection.filters ?? [];
  const regexp = selection.regexp ?? "";
  const passes = compileFilters(filters);
  const matches = compileRegexp(regexp);
  const query = selection.query ?? "";
  const parsed = query === "" ? undefined : parseQuery(query, "blobs", compileRegexp);
  const meets = parsed === undefined ? () => true : compileBlobQuery(parsed, now, compileRegexp);
  const bounds = parsed && queryBounds(parsed, now);
  return {
    ...scope,
    asked: { selection, namespaces: scope.namespaces, nowMs: now.getTime() },
    whole: filters.length === 0 && regexp === "" && query === "",
    lasting: parsed === undefined || !parsed.terms.some(({ condition }) => aging.includes(condition.field)),
    bounds,
    texts: [...piecesOf(requiredText(regexp)), ...(bounds?.texts ?? [])],
    selectsBlob(row) {
      return (
        scope.covers(row) &&
        passes(blobAdaptor(row.info, row.namespace)) &&
        (regexp === "" || textsOf(row).some(matches)) &&
        meets(row)
      );
    },
  };
}

/** The same selection again, elsewhere. @throws as compileSelection */
export function compileAsked({ selection, namespaces, nowMs }: AskedSelection): CompiledSelection {
  const names = namespaces === "*" ? ["*"] : namespaces;
  return compileSelection({ ...selection, namespaces: names }, undefined, new Date(nowMs));
}

/** What the regexp is searched in. */
function textsOf({ info }: BlobRow): readonly string[] {
  return [info.digest, ...Object.entries(info.labels).map(([key, value]) => `${key}=${value}`)];
}
