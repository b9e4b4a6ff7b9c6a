import { changesOf, createSetting, oneOf } from "./setting.ts";

/** Keys that a person chose, by those that they take the place of: one key, or two after each other such as `g c`. */
export type ChosenKeys = Readonly<Record<string, string>>;

/** Whether single keys do anything (WCAG 2.1.4). */
export const singleKeysSetting = createSetting(oneOf("stowage-shortcuts", ["on", "off"]));

const noChoice: ChosenKeys = {};

/** The keys that a person chose for this browser; what is not in it is as it was made. */
export const keysSetting = createSetting(changesOf("stowage-keys", noChoice, readKeys));

function readKeys(kept: Readonly<Record<string, unknown>>): ChosenKeys {
  const good = Object.entries(kept).filter(([, keys]) => typeof keys === "string" && isKeys(keys));
  const taken = good.map(([, keys]) => keys);
  // Two that are the same would leave it to chance which is meant.
  return new Set(taken).size === taken.length ? (Object.fromEntries(good) as ChosenKeys) : noChoice;
}

/** Keys with names of more than one letter that a person can choose. */
const named = ["Delete"];

/** True for what can be chosen: one character, or two with a space between. */
export function isKeys(keys: string): boolean {
  return named.includes(keys) || /^[^\s\p{C}](?: [^\s\p{C}])?$/u.test(keys);
}

/** The keys that do what these were made for. */
export function chosenKeys(keys: string, chosen: ChosenKeys = keysSetting.get()): string {
  return Object.hasOwn(chosen, keys) ? (chosen[keys] ?? keys) : keys;
}

/** What a pressed key was made for; empty where it does nothing any more, since another one does it. */
export function meantBy(key: string, chosen: ChosenKeys = keysSetting.get()): string {
  const meant = Object.entries(chosen).find(([, keys]) => keys === key)?.[0];
  return meant ?? (Object.hasOwn(chosen, key) ? "" : key);
}
