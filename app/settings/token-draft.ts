import { validateIdentifier } from "../../content/identifiers.ts";
import type { Role } from "../../content/remote/session.ts";

/** How long a token lasts, in days: what is offered; `own` is a day of the person's choice, `never` has no end. */
export const lifetimes = [
  { key: "7", words: "7 days", days: 7 },
  { key: "30", words: "30 days", days: 30 },
  { key: "90", words: "90 days", days: 90 },
  { key: "365", words: "1 year", days: 365 },
  { key: "own", words: "Until a day…", days: undefined },
  { key: "never", words: "Never ends", days: undefined },
] as const;

/** One of lifetimes. */
export type Lifetime = (typeof lifetimes)[number]["key"];

/** What a person has said of a token so far. */
export interface TokenDraft {
  readonly name: string;
  readonly role: Role;
  /** Names with commas or spaces between them; empty: every one. */
  readonly stores: string;
  readonly namespaces: string;
  readonly lifetime: Lifetime;
  /** Of `own`, as a date field has it: `2026-12-31`. */
  readonly lastDay: string;
}

/** What is to be said first. */
export const firstDraft: TokenDraft = {
  name: "",
  role: "reader",
  stores: "",
  namespaces: "",
  lifetime: "90",
  lastDay: "",
};

const dayMs = 86_400_000;

/** The names of a scope; `*` where none is given. */
export function namesIn(text: string): readonly string[] {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  return names.length === 0 ? ["*"] : [...new Set(names)];
}

/** When a token ends; absent: never, or the day is none. It lasts to the end of the day that was chosen, by this machine's clock. */
export function endOf({ lifetime, lastDay }: TokenDraft, nowMs: number): Date | undefined {
  const days = lifetimes.find(({ key }) => key === lifetime)?.days;
  if (days !== undefined) return new Date(nowMs + days * dayMs);
  if (lifetime !== "own") return undefined;
  const end = new Date(`${lastDay}T23:59:59`);
  return Number.isNaN(end.getTime()) ? undefined : end;
}

/** What keeps a draft from being a token, by its field; empty texts need not be said. @param taken names of valid tokens */
export function faultsOf(draft: TokenDraft, taken: readonly string[], nowMs: number): Faults {
  const { name, stores, namespaces, lifetime } = draft;
  const end = endOf(draft, nowMs);
  const isPast = lifetime === "own" && (end === undefined || end.getTime() <= nowMs);
  return {
    name: taken.includes(name) ? "A valid token has this name" : name === "" ? "" : faultOfName(name),
    stores: faultOfNames(stores),
    namespaces: faultOfNames(namespaces),
    lastDay: !isPast ? undefined : draft.lastDay === "" ? "" : "This day is past",
  };
}

/** What is wrong with each field; undefined: nothing. */
export type Faults = Readonly<Record<"name" | "stores" | "namespaces" | "lastDay", string | undefined>>;

function faultOfName(name: string): string | undefined {
  try {
    validateIdentifier(name);
    return undefined;
  } catch {
    return "Letters and digits, with single . - _ between them; 76 at most";
  }
}

function faultOfNames(text: string): string | undefined {
  const names = namesIn(text);
  if (names.length > 1 && names.includes("*")) return "* stands alone";
  const wrong = names.find((name) => name !== "*" && faultOfName(name) !== undefined);
  return wrong === undefined ? undefined : `${wrong} is no name`;
}
