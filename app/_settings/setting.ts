import type { Store } from "../_live/store.ts";
import { createStore } from "../_live/store.ts";

/** Something that a person chose for this browser. What is chosen holds at once, in every tab. */
export interface Setting<Value> extends Store<Value> {
  /** What holds where nobody chose. */
  readonly initial: Value;
  set(value: Value): void;
  reset(): void;
}

/** How a setting is kept. */
export interface SettingOptions<Value> {
  /** Its name in the browser's localStorage. */
  readonly key: string;
  readonly initial: Value;
  /** What a kept text means; undefined: nothing, so that the initial value holds. */
  read(text: string): Value | undefined;
  /** The text of a value; undefined: it is the initial one, and nothing is kept. */
  write(value: Value): string | undefined;
}

/** A setting of this browser. A browser that keeps nothing has it until the page is left. */
export function createSetting<Value>({ key, initial, read, write }: SettingOptions<Value>): Setting<Value> {
  const store = createStore(initial);

  function readKept(): Value {
    try {
      const text = localStorage.getItem(key);
      return (text === null ? undefined : read(text)) ?? initial;
    } catch {
      return initial;
    }
  }

  function set(value: Value): void {
    const text = write(value);
    try {
      if (text === undefined) localStorage.removeItem(key);
      else localStorage.setItem(key, text);
    } catch {
      // It holds all the same, in this tab.
    }
    store.set(value);
  }

  if (typeof window !== "undefined") {
    store.set(readKept());
    // Another tab set it; without a key, it took everything away.
    window.addEventListener("storage", (event) => {
      if (event.key === key || event.key === null) store.set(readKept());
    });
  }
  return { initial, get: store.get, subscribe: store.subscribe, set, reset: () => set(initial) };
}

/** How one of several words is kept. @param values the first is the initial one */
export function oneOf<Value extends string>(key: string, values: readonly [Value, ...Value[]]): SettingOptions<Value> {
  const [initial] = values;
  return {
    key,
    initial,
    read: (text) => values.find((value) => value === text),
    write: (value) => (value === initial ? undefined : value),
  };
}

/** How a part of an object is kept that differs from the initial one. @param read finds a whole value in what was kept */
export function changesOf<Value extends object>(
  key: string,
  initial: Value,
  read: (kept: Readonly<Record<string, unknown>>) => Value,
): SettingOptions<Value> {
  const first = new Map<string, unknown>(Object.entries(initial));
  return {
    key,
    initial,
    read(text) {
      const kept: unknown = JSON.parse(text);
      return typeof kept === "object" && kept !== null ? read({ ...kept }) : undefined;
    },
    write(value) {
      const changes = Object.entries(value).filter(([name, each]) => each !== first.get(name));
      return changes.length === 0 ? undefined : JSON.stringify(Object.fromEntries(changes));
    },
  };
}
