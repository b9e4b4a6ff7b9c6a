import { afterEach, beforeEach, vi } from "vitest";

/** What a browser keeps, for tests of settings. */
export interface KeptTexts {
  readonly texts: Map<string, string>;
  /** Another tab sets a text, or takes it away; without a key it takes everything away. */
  elsewhere(key: string | null, text?: string): void;
}

/** A browser for each test of a file, which keeps nothing at first. */
export function browserThatKeeps(): KeptTexts {
  const texts = new Map<string, string>();
  let page = new EventTarget();
  beforeEach(() => {
    texts.clear();
    page = new EventTarget();
    vi.stubGlobal("window", page);
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => texts.get(key) ?? null,
      setItem: (key: string, text: string) => void texts.set(key, text),
      removeItem: (key: string) => void texts.delete(key),
    });
  });
  afterEach(() => vi.unstubAllGlobals());
  return {
    texts,
    elsewhere(key, text) {
      if (key === null) texts.clear();
      else if (text === undefined) texts.delete(key);
      else texts.set(key, text);
      page.dispatchEvent(Object.assign(new Event("storage"), { key }));
    },
  };
}
