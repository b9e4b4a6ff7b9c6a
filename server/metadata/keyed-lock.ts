/** Locks by name, in the order in which they were asked for. */
export interface KeyedLock {
  /** Wait until nobody holds the name. Dispose of what is returned on every path. */
  hold(name: string): Promise<Disposable>;
}

/** Locks of which nobody holds any. */
export function createKeyedLock(): KeyedLock {
  const last = new Map<string, Promise<void>>();
  return {
    async hold(name) {
      const before = last.get(name);
      const { promise, resolve } = Promise.withResolvers<void>();
      last.set(name, promise);
      await before;
      return {
        [Symbol.dispose]() {
          if (last.get(name) === promise) last.delete(name);
          resolve();
        },
      };
    },
  };
}
