/** Where somebody is who looks for something: links lead back to the same scope. */
export interface Place {
  /** Name of the store; empty: the server's default one. */
  readonly store: string;
  /** Path of the page, such as `/content`. */
  readonly path: string;
  /** Parameters of its address. */
  readonly search: string;
  /** Names of the namespaces that it is about; none: all. */
  readonly scope: readonly string[];
}

/** Parameters that say what a page shows of its set; all others are about one thing in it. */
const keptParams = ["q", "sort", "cols", "tab"];

/** The Content page of a store with a query. @param scope names of namespaces; none: all */
export function contentHref(query: string, { store, scope }: Pick<Place, "store" | "scope">): string {
  return hrefOf("/content", { ns: scope.join(","), q: query, store });
}

/** The same page in other namespaces; of a page about one thing, Content. @param scope none: all */
export function scopeHref({ store, ...place }: Place, scope: readonly string[]): string {
  return samePage(place, { ns: scope.join(",") }, store);
}

/** The same page of another store, which has namespaces of its own; of a page about one thing, Content. @param store empty: the default one */
export function storePlaceHref(place: Pick<Place, "path" | "search">, store: string): string {
  return samePage(place, {}, store);
}

function samePage(
  { path, search }: Pick<Place, "path" | "search">,
  scope: Readonly<Record<string, string>>,
  store: string,
): string {
  const isList = path !== "/" && path !== "/blob";
  const params = new URLSearchParams(isList ? search : "");
  const kept = Object.fromEntries(keptParams.map((name) => [name, params.get(name) ?? ""]));
  return hrefOf(isList ? path : "/content", { ...scope, ...kept, store });
}

/** The Ingests page with one ref, in a scope that has its namespace. */
export function ingestHref({ store, scope }: Place, namespace: string, query: string): string {
  const hasIt = scope.length === 0 || scope.includes(namespace);
  return hrefOf("/ingests", { ns: hasIt ? scope.join(",") : namespace, q: query, store });
}

function hrefOf(path: string, params: Readonly<Record<string, string>>): string {
  const given = Object.entries(params).filter(([, value]) => value !== "");
  const search = new URLSearchParams(given).toString();
  return search === "" ? path : `${path}?${search}`;
}
