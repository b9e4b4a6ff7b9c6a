/** One thing for each store that calls can name. */
export interface ByStore<T> {
  /** Of the store that calls are about which name none. */
  readonly default: T;
  /** @param name as a call says it; empty, absent or of no store: the default's (policy refuses a call that names no store) */
  of(name: string | readonly string[] | undefined): T;
}

/** Make one thing for each store. @param more by the names of further stores; absent: there are none */
export function byStore<S, T>(own: S, more: ReadonlyMap<string, S> | undefined, make: (from: S) => T): ByStore<T> {
  const first = make(own);
  const others = new Map([...(more ?? [])].map(([name, from]) => [name, make(from)]));
  return { default: first, of: (name) => others.get(String(name ?? "")) ?? first };
}
