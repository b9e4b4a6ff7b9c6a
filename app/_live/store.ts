/** A value that changes, and tells who listens. */
export interface Store<Value> {
  get(): Value;
  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void;
}

/** A store whose owner sets it. */
export interface WritableStore<Value> extends Store<Value> {
  /** Listeners hear of it only when the value is another one. */
  set(value: Value): void;
}

/** A store with a first value. */
export function createStore<Value>(first: Value): WritableStore<Value> {
  const listeners = new Set<() => void>();
  let current = first;
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
