import type { Found } from "./found.ts";

/** What is remembered of what was chosen. */
export type Recent = Pick<Found, "kind" | "label" | "note"> & { readonly href: string };

const settingKey = "stowage-found";

/** As many are remembered; longer ones are not. */
const most = { items: 8, characters: 2048 } as const;

const kinds: readonly unknown[] = [
  "address",
  "blob",
  "image",
  "ingest",
  "label",
  "namespace",
  "query",
] satisfies Found["kind"][];

/** What was chosen before in this browser, the last first. What is stored and is none of it is left out. */
export function readRecent(): readonly Recent[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(settingKey) ?? "[]");
    return Array.isArray(stored) ? stored.filter(isRecent).slice(0, most.items) : [];
  } catch {
    return [];
  }
}

/** Remember what was chosen; pages and acts are not, they are always offered. */
export function rememberFound({ kind, label, note, href }: Found): void {
  const recent = { kind, label, note, href };
  if (!isRecent(recent)) return;
  const kept = [recent, ...readRecent().filter((each) => each.href !== href)].slice(0, most.items);
  try {
    localStorage.setItem(settingKey, JSON.stringify(kept));
  } catch {
    // A browser that stores nothing forgets it.
  }
}

function isRecent(value: unknown): value is Recent {
  if (typeof value !== "object" || value === null) return false;
  const { kind, label, note, href } = value as Readonly<Record<string, unknown>>;
  return kinds.includes(kind) && isText(label) && isText(note) && isText(href) && /^\/(?!\/)/.test(href);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= most.characters;
}
