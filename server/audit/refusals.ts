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
  /** Events of callers whom nobody knows, in a day: they have as many addresses and acts as they like. */
  readonly strangers: number;
}

/** What a server uses. */
export const refusalLimits: RefusalLimits = { each: 20, apart: 1000, spanMs: 60_000, strangers: 1000 };

/** Keeps a loop of refusals from pushing out what was there before: those beyond some are told as a number. */
export interface Refusals extends Disposable {
  /** Record what failed, or count it. */
  add(entry: AuditEntry): void;
}

/** What is like each other in a span. */
interface Like {
  readonly first: AuditEntry;
  /** How many there were, how many of them were recorded one by one, and how many may be. */
  count: number;
  told: number;
  readonly most: number;
}

/**
 * @param record takes what is to be recorded; what is left at the end of a span, or when it is disposed of, as one with `more`
 * @param nowMs a clock in milliseconds that only goes on
 */
export function createRefusals(
  record: (entry: AuditEntry) => void,
  limits: RefusalLimits = refusalLimits,
  nowMs: () => number = () => performance.now(),
): Refusals {
  const mayTell = createStrangers(limits.strangers, nowMs);
  let alike = new Map<string, Like>();
  let timer: NodeJS.Timeout | undefined;

  function likeOf(entry: AuditEntry): Like {
    const { who, peer = "", act, code } = entry;
    const key = JSON.stringify([who, networkOf(peer), act, code]);
    const known = alike.get(key);
    if (known !== undefined) return known;
    if (alike.size < limits.apart) return begin(key, entry, limits.each);
    return alike.get("") ?? begin("", { act, code: code ?? "" }, 0);
  }

  function begin(key: string, first: AuditEntry, most: number): Like {
    const like: Like = { first, count: 0, told: 0, most };
    alike.set(key, like);
    return like;
  }

  function sumUp(): void {
    clearTimeout(timer);
    timer = undefined;
    const beyond = [...alike.values()].filter(({ count, told }) => count > told);
    alike = new Map();
    const others = beyond.filter(({ first }) => !mayTell(first));
    for (const { first, count, told } of beyond.filter((like) => !others.includes(like))) {
      const { act, code = "", who = "", peer = "", userAgent = "", method = "" } = first;
      record({ act, code, who, peer, userAgent, method, more: count - told });
    }
    const [one] = others;
    if (one === undefined) return;
    const more = others.reduce((sum, { count, told }) => sum + count - told, 0);
    record({ act: one.first.act, code: one.first.code ?? "", more });
  }

  return {
    add(entry) {
      const like = likeOf(entry);
      like.count += 1;
      if (like.told < like.most && mayTell(entry)) {
        like.told += 1;
        record(entry);
      }
      if (timer !== undefined) return;
      timer = setTimeout(sumUp, limits.spanMs);
      timer.unref();
    },
    [Symbol.dispose]: sumUp,
  };
}

const dayMs = 86_400_000;

/** What calls end with whose caller is not known: they show nothing, or too much that is wrong. */
const strangersCodes: readonly (string | undefined)[] = ["unauthenticated", "resource-exhausted"];

/** True for what may be told by itself: of strangers so many a day, as they come and are made up for. */
function createStrangers(perDay: number, nowMs: () => number): (entry: AuditEntry) => boolean {
  let left = perDay;
  let countedAt = nowMs();
  return ({ who = "", code }) => {
    if (who !== "" || !strangersCodes.includes(code)) return true;
    left = Math.min(perDay, left + ((nowMs() - countedAt) / dayMs) * perDay);
    countedAt = nowMs();
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
