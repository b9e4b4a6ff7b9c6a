import type { Target } from "./ast.ts";
import { shown } from "./fault.ts";

/** A field of the language, for completion and help. */
export interface Field {
  /** As it is typed, without the colon. */
  readonly name: string;
  /** A token that uses it. */
  readonly example: string;
  /** What it asks, in a few words. */
  readonly meaning: string;
}

const namespace: Field = { name: "ns", example: "ns:k8s.io", meaning: "in that namespace" };

const label: Field = { name: "label", example: "label:team=payments", meaning: "has that label" };

const fields: Readonly<Record<Target, readonly Field[]>> = {
  blobs: [
    { name: "digest", example: "digest:sha256:9f2c", meaning: "digest that begins so" },
    { name: "size", example: "size:>100MiB", meaning: "bytes" },
    { name: "age", example: "age:<7d", meaning: "time since it was created" },
    { name: "updated", example: "updated:<1h", meaning: "time since its labels changed" },
    namespace,
    label,
  ],
  ingests: [
    { name: "ref", example: "ref:layer-sha256", meaning: "ref that holds that text" },
    { name: "state", example: "state:stalled", meaning: "writing, stalled or resumable" },
    { name: "size", example: "size:>100MiB", meaning: "bytes so far" },
    { name: "age", example: "age:>3m12s", meaning: "time since it was started" },
    namespace,
  ],
  images: [
    { name: "name", example: "name:registry.example/app", meaning: "name that holds that text" },
    { name: "state", example: "state:incomplete", meaning: "incomplete or untagged" },
    { name: "size", example: "size:>1GiB", meaning: "bytes of its blobs that are here" },
    { name: "age", example: "age:>30d", meaning: "time since it was made" },
    namespace,
    label,
  ],
  leases: [
    { name: "id", example: "id:buildkit", meaning: "id that holds that text" },
    { name: "state", example: "state:leaked", meaning: "leaked, lasting or expiring" },
    { name: "size", example: "size:>1GiB", meaning: "bytes that it holds" },
    { name: "age", example: "age:>24h", meaning: "time since it was made" },
    namespace,
    label,
  ],
  namespaces: [{ name: "size", example: "size:>1GiB", meaning: "bytes in it" }, namespace, label],
  events: [
    { name: "act", example: "act:delete", meaning: "what was done" },
    { name: "who", example: "who:mei", meaning: "that caller" },
    { name: "from", example: 'from:"unix socket"', meaning: "address or client that holds that text" },
    { name: "object", example: "object:app", meaning: "ref, name, id or digest that holds that text" },
    { name: "digest", example: "digest:sha256:9f2c", meaning: "digest that begins so" },
    { name: "ref", example: "ref:layer-sha256", meaning: "ref that holds that text" },
    { name: "kind", example: "kind:image", meaning: "what it was done to" },
    { name: "code", example: "-code:ok", meaning: "how it went" },
    { name: "cause", example: "cause:collection", meaning: "client, collection or expiry" },
    { name: "age", example: "age:<7d", meaning: "time since it happened" },
    { name: "size", example: "size:>1GiB", meaning: "bytes written or removed" },
    namespace,
    { name: "store", example: "store:local", meaning: "in that store" },
  ],
};

/** Fields that the language will have once the store keeps what they ask. */
const unserved: readonly string[] = ["kind", "type", "image", "held", "verified", "platform", "source"];

/** Edits between two names that still look like a slip of the hand. */
const maxEdits = 2;

/** The fields that a query may use, in the order in which help shows them. */
export function queryFields(target: Target): readonly Field[] {
  return fields[target];
}

/** True for a field of that target. */
export function isField(target: Target, name: string): boolean {
  return fields[target].some((field) => field.name === name);
}

/** Why a field cannot be used, for people. @param name one for which isField is false */
export function fieldRefusal(target: Target, name: string): string {
  if (unserved.includes(name)) return `${name}: cannot be asked yet, the store does not keep it`;
  const names = fields[target].map((field) => field.name);
  const other = (["blobs", "ingests"] as const).find((each) => each !== target && isField(each, name));
  if (other !== undefined) return `${name}: is a field of ${other}; ${target} have ${names.join(", ")}`;
  const near = nearest(name.toLowerCase(), names);
  const advice = near === undefined ? `only ${names.join(", ")}` : `did you mean ${near}:?`;
  return `there is no field ${shown(name)} (${advice}); text with a colon stands in quotes`;
}

function nearest(name: string, names: readonly string[]): string | undefined {
  if (names.includes(name)) return name;
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const candidate of names) {
    if (Math.abs(candidate.length - name.length) > maxEdits) continue;
    const edits = editsBetween(name, candidate);
    if (edits <= maxEdits && edits < candidate.length && edits < (best?.edits ?? Infinity)) {
      best = { name: candidate, edits };
    }
  }
  return best?.name;
}

/** Letters to put in, take out or change to make one text of the other (Levenshtein). */
function editsBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
