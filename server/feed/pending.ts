/**
 * What is to be told of keys, one value for each, in the order in which they came; a key that was just told is held
 * until its interval is over.
 */
export interface Pending<Key, Value> {
  /** Keys that wait. */
  readonly size: number;
  get(key: Key): Value | undefined;
  /** All that wait. */
  values(): Iterable<Value>;
  /** @param urgent do not hold the key back */
  set(key: Key, value: Value, urgent?: boolean): void;
  /** Forget what waits for the key; the next value of it is not held back. */
  forget(key: Key): void;
  /** At most `most` values that are due; their intervals begin anew. */
  take(nowMs: number, most: number): readonly Value[];
  /** Let everything out that is held. */
  release(): void;
  /** Forget everything. */
  clear(): void;
  /** When to take again: `nowMs` when something is due, absent when nothing waits. */
  dueAt(nowMs: number): number | undefined;
}

/**
 * @param minIntervalMs least time between two values of a key
 * @param keys that are remembered as just told; beyond it the oldest may be told again early
 */
export function createPending<Key, Value>(minIntervalMs: number, keys: number): Pending<Key, Value> {
  const ready = new Map<Key, Value>();
  const held = new Map<Key, Value>();
  /** When a key was told last, oldest first. */
  const told = new Map<Key, number>();

  function letOut(key: Key): void {
    told.delete(key);
    const value = held.get(key);
    if (value === undefined) return;
    held.delete(key);
    ready.set(key, value);
  }

  function expire(nowMs: number): void {
    for (const [key, at] of told) {
      if (at + minIntervalMs > nowMs && told.size <= keys) return;
      letOut(key);
    }
  }

  return {
    get size() {
      return ready.size + held.size;
    },
    get: (key) => ready.get(key) ?? held.get(key),
    *values() {
      yield* ready.values();
      yield* held.values();
    },
    set(key, value, urgent = false) {
      if (urgent) letOut(key);
      const holds = told.has(key) && !ready.has(key);
      (holds ? held : ready).set(key, value);
    },
    forget(key) {
      ready.delete(key);
      held.delete(key);
      told.delete(key);
    },
    take(nowMs, most) {
      expire(nowMs);
      const values: Value[] = [];
      for (const [key, value] of ready) {
        if (values.length === most) break;
        ready.delete(key);
        told.set(key, nowMs);
        values.push(value);
      }
      return values;
    },
    release() {
      for (const key of [...held.keys()]) letOut(key);
    },
    clear() {
      for (const map of [ready, held, told]) map.clear();
    },
    dueAt(nowMs) {
      expire(nowMs);
      if (ready.size > 0) return nowMs;
      if (held.size === 0) return undefined;
      const oldest = told.values().next();
      return oldest.done ? nowMs : oldest.value + minIntervalMs;
    },
  };
}
