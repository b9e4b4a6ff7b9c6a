import { ContentError } from "../../content/errors.ts";
import { blobAdaptor, compileFilters, statusAdaptor } from "../../content/filters.ts";
import { validateNamespace } from "../../content/identifiers.ts";
import type { QueryBounds, Target } from "../../content/query.ts";
import { compileBlobQuery, parseQuery, queryBounds } from "../../content/query.ts";
import { compileRegexp } from "../../content/regexp.ts";
import type { Selection } from "../../content/remote/events.ts";
import type { Namespaces } from "../metadata/metadata.ts";
import type { BlobRow } from "./change.ts";

/** Namespaces that one selection may name. */
const maxNamespaces = 100;

/** A selection as tests of rows. */
export interface CompiledSelection {
  readonly namespaces: Namespaces;
  /** True when filters, regexp and query let everything through. */
  readonly whole: boolean;
  /** What every blob has that the query selects, as an index can tell; absent where there is no query. */
  readonly bounds: QueryBounds | undefined;
  /** True for a row of a chosen namespace, whatever the filters say. */
  covers(row: { readonly namespace: string }): boolean;
  /** True for a blob of the selection. */
  selectsBlob(row: BlobRow): boolean;
  /** True for an ingest of the selection. */
  selectsIngest(row: { readonly namespace: string; readonly ref: string }): boolean;
}

/**
 * A selection as tests: filters are or-ed, the regexp and the query are and-ed with them. Ages in the query are those of now.
 *
 * @param namespace the one of the call, for a selection that names none
 * @param target what the rows are; queries over ingests are not served yet
 * @throws `failed-precondition` "namespace is required" when neither names one; `invalid-argument` for a filter, regexp,
 * query or namespace that is none, for `*` beside other names, and for more than 100 namespaces; `not-implemented` for a
 * query over ingests
 */
export function compileSelection(
  selection: Selection,
  namespace: string | undefined,
  target: Target = "blobs",
): CompiledSelection {
  const namespaces = chooseNamespaces(selection.namespaces ?? [], namespace);
  const filters = selection.filters ?? [];
  const regexp = selection.regexp ?? "";
  const passes = compileFilters(filters);
  const matches = compileRegexp(regexp);
  const query = selection.query ?? "";
  if (query !== "" && target === "ingests") {
    throw new ContentError("not-implemented", "queries over ingests; use filters or a regexp");
  }
  const now = new Date();
  const parsed = query === "" ? undefined : parseQuery(query, "blobs");
  const meets = parsed === undefined ? () => true : compileBlobQuery(parsed, now);
  const names = namespaces === "*" ? undefined : new Set(namespaces);
  const covers = (row: { readonly namespace: string }) => names === undefined || names.has(row.namespace);
  return {
    namespaces,
    whole: filters.length === 0 && regexp === "" && query === "",
    bounds: parsed && queryBounds(parsed, now),
    covers,
    selectsBlob(row) {
      return (
        covers(row) &&
        passes(blobAdaptor(row.info, row.namespace)) &&
        (regexp === "" || textsOf(row).some(matches)) &&
        meets(row)
      );
    },
    selectsIngest(row) {
      return covers(row) && passes(statusAdaptor(row, row.namespace)) && matches(row.ref);
    },
  };
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

/** What the regexp is searched in. */
function textsOf({ info }: BlobRow): readonly string[] {
  return [info.digest, ...Object.entries(info.labels).map(([key, value]) => `${key}=${value}`)];
}
