import { networkOf } from "../policy/network-of.ts";
import type { AuditEntry } from "./entry.ts";

/** How many refusals are recorded one by one. Tests hand in smaller numbers. */
export interface RefusalLimits {
  /** Of one caller, act and code, in a span. */
  readonly each: number;
  /** Callers, acts and codes that are told apart in a span; those beyond count together. */
  readonly apart: number;
  /** Milliseconds of a span. */
  readonly spanMs: number;
}

/** What a server uses. */
export const refusalLimits: RefusalLimits = { each: 20, apart: 1000, spanMs: 60_000 };

/** Keeps a loop of refusals from pushing out what was there before: those beyond some are told as a number. */
export interface Refusals extends Disposable {
  /** Record what failed, or count it. */
  add(entry: AuditEntry): void;
}

/** What is like each other in a span. */
interface Like {
  count: number;
  readonly first: AuditEntry;
}

/** @param record takes what is to be recorded; what is left at the end of a span, or when it is disposed of, as one with `more` */
export function createRefusals(record: (entry: AuditEntry) => void, limits: RefusalLimits = refusalLimits): Refusals {
  let alike = new Map<string, Like>();
  let timer: NodeJS.Timeout | undefined;

  function likeOf(entry: AuditEntry): Like {
    const { who, peer = "", act, code } = entry;
    const key = JSON.stringify([who, networkOf(peer), act, code]);
    const known = alike.get(key);
    if (known !== undefined) return known;
    if (alike.size < limits.apart) {
      const like = { count: 0, first: entry };
      alike.set(key, like);
      return like;
    }
    const rest = alike.get("") ?? { count: limits.each, first: { act, code: code ?? "" } };
    alike.set("", rest);
    return rest;
  }

  function sumUp(): void {
    clearTimeout(timer);
    timer = undefined;
    const ended = alike;
    alike = new Map();
    for (const { count, first } of ended.values()) {
      if (count <= limits.each) continue;
      const { act, code = "", who = "", peer = "", userAgent = "", method = "" } = first;
      record({ act, code, who, peer, userAgent, method, more: count - limits.each });
    }
  }

  return {
    add(entry) {
      const like = likeOf(entry);
      like.count += 1;
      if (like.count <= limits.each) record(entry);
      if (timer !== undefined) return;
      timer = setTimeout(sumUp, limits.spanMs);
      timer.unref();
    },
    [Symbol.dispose]: sumUp,
  };
}
