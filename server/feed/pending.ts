/**
 * What is to be told of keys, one value for each, in the order in which they came; a key that was just told is held
 * until its interval is over.
 */
export interface Pending<Key, Value> {
  /** Keys that wait. */
  readonly size: number;
  /** What their values take in memory, in bytes. */
  readonly bytes: number;
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
 * @param bytesOf what a value takes in memory; always the same for a value
 */
export function createPending<Key, Value>(
  minIntervalMs: number,
  keys: number,
  bytesOf: (value: Value) => number,
): Pending<Key, Value> {
  const ready = new Map<Key, Value>();
  const held = new Map<Key, Value>();
  /** When a key was told last, oldest first. */
  const told = new Map<Key, number>();
  let bytes = 0;

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

  /** Take a value out. */
  function drop(from: Map<Key, Value>, key: Key): void {
    const value = from.get(key);
    if (value !== undefined) bytes -= bytesOf(value);
    from.delete(key);
  }

  return {
    get size() {
      return ready.size + held.size;
    },
    get bytes() {
      return bytes;
    },
    get: (key) => ready.get(key) ?? held.get(key),
    *values() {
      yield* ready.values();
      yield* held.values();
    },
    set(key, value, urgent = false) {
      if (urgent) letOut(key);
      const holds = told.has(key) && !ready.has(key);
      const into = holds ? held : ready;
      const before = into.get(key);
      bytes += bytesOf(value) - (before === undefined ? 0 : bytesOf(before));
      into.set(key, value);
    },
    forget(key) {
      drop(ready, key);
      drop(held, key);
      told.delete(key);
    },
    take(nowMs, most) {
      expire(nowMs);
      const values: Value[] = [];
      for (const [key, value] of ready) {
        if (values.length === most) break;
        drop(ready, key);
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
      bytes = 0;
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
