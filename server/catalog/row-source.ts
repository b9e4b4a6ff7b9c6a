/**
 * Rows that are kept up to date, by key, for everybody who follows them. A key begins with the namespace of its row and a space,
 * see rowKey.
 */
export interface RowSource<Row> extends Disposable {
  /** Settled once every row is there; it fails where they cannot be read. */
  readonly ready: Promise<void>;
  keys(): Iterable<string>;
  /** A row as it is now; absent: there is none. */
  get(key: string): Row | undefined;
  /**
   * Hear of every row that came, changed or went.
   *
   * @param listener it must be quick and must not throw
   * @returns a function that ends it
   */
  listen(listener: (key: string) => void): () => void;
}

/** The key of a row. No namespace has a space. @param name tells it from the others of its namespace */
export function rowKey(namespace: string, name: string): string {
  return `${namespace} ${name}`;
}

/** What a key was made of. */
export function partsOfKey(key: string): { readonly namespace: string; readonly name: string } {
  const space = key.indexOf(" ");
  return { namespace: key.slice(0, space), name: key.slice(space + 1) };
}

/** Who listens to a source. */
export interface Listeners {
  tell(key: string): void;
  readonly listen: RowSource<never>["listen"];
}

/** Nobody listens yet. */
export function createListeners(): Listeners {
  const listeners = new Set<(key: string) => void>();
  return {
    tell(key) {
      for (const listener of listeners) listener(key);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
