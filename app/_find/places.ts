/** Where somebody is who looks for something: links lead back to the same scope. */
export interface Place {
  /** Path of the page, such as `/content`. */
  readonly path: string;
  /** Parameters of its address. */
  readonly search: string;
  /** Names of the namespaces that it is about; none: all. */
  readonly scope: readonly string[];
}

/** Parameters that say what a page shows of its set; all others are about one thing in it. */
const keptParams = ["q", "sort", "cols"];

/** The Content page with a query. @param scope names of namespaces; none: all */
export function contentHref(query: string, scope: readonly string[]): string {
  return hrefOf("/content", { ns: scope.join(","), q: query });
}

/** The same page in other namespaces; of a page about one thing, Content. @param scope none: all */
export function scopeHref({ path, search }: Place, scope: readonly string[]): string {
  const isList = path !== "/" && path !== "/blob";
  const params = new URLSearchParams(isList ? search : "");
  const kept = Object.fromEntries(keptParams.map((name) => [name, params.get(name) ?? ""]));
  return hrefOf(isList ? path : "/content", { ns: scope.join(","), ...kept });
}

/** The Ingests page with one ref, in a scope that has its namespace. */
export function ingestHref({ scope }: Place, namespace: string, query: string): string {
  const hasIt = scope.length === 0 || scope.includes(namespace);
  return hrefOf("/ingests", { ns: hasIt ? scope.join(",") : namespace, q: query });
}

function hrefOf(path: string, params: Readonly<Record<string, string>>): string {
  const given = Object.entries(params).filter(([, value]) => value !== "");
  const search = new URLSearchParams(given).toString();
  return search === "" ? path : `${path}?${search}`;
}
