import type { Transport } from "@connectrpc/connect";
import { getServer } from "../../content/remote/server.ts";
import type { StoreFacts } from "../../content/remote/stores.ts";
import { listStores } from "../../content/remote/stores.ts";
import { now } from "../clock.ts";
import type { Totals } from "../metadata/set.ts";
import { oneLine } from "../one-line.ts";
import type { StoreState } from "../store-set/store-set.ts";
import { absenceOf } from "./node-error.ts";

/** Whether a node answers, as far as it was asked. */
export interface NodeHealth extends Disposable {
  readonly state: StoreState;
  /** What its store holds, as it last said; absent: not known. */
  readonly totals: Totals | undefined;
  /** Somebody wants to know: it is asked now, and every now and then for a while. */
  look(): void;
  /** A call at it failed. */
  failed(thrown: unknown): void;
}

/** How often a node is asked while somebody looks, for how long after they last did, and how long it may take; in milliseconds. */
const everyMs = 5_000;
const attentionMs = 60_000;
const patienceMs = 5_000;

/** Characters of what a node says of itself that are kept. */
const maxWords = 500;

/**
 * The health of a node that was not asked yet.
 *
 * @param store which store of the node; empty: its default one
 */
export function watchNode(transport: Transport, store: string): NodeHealth {
  const ended = new AbortController();
  let state: StoreState = { state: "connecting" };
  let totals: Totals | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let isAsking = false;
  let timer: NodeJS.Timeout | undefined;

  async function ask(): Promise<void> {
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(patienceMs)]);
    const begun = performance.now();
    try {
      const [facts, stores = []] = await Promise.all([getServer(transport, signal), listStores(transport, signal)]);
      const own = stores.find(({ name, isDefault }) => (store === "" ? isDefault : name === store));
      const answered = {
        lastContactAt: now(),
        latencyMs: performance.now() - begun,
        version: oneLine(facts?.version ?? "", maxWords),
      };
      state = { ...answered, ...stateOf(own, store) };
      totals = totalsOf(own);
    } catch (thrown) {
      if (!ended.signal.aborted) fail(signal.aborted ? "it took too long" : (absenceOf(thrown) ?? String(thrown)));
    }
  }

  function fail(reason: string): void {
    state = { ...state, state: "unreachable", reason };
  }

  async function goOn(): Promise<void> {
    await ask();
    isAsking = !ended.signal.aborted && performance.now() - lookedAtMs < attentionMs;
    if (!isAsking) return;
    timer = setTimeout(() => void goOn(), everyMs);
    timer.unref();
  }

  return {
    get state() {
      return state;
    },
    get totals() {
      return totals;
    },
    look() {
      lookedAtMs = performance.now();
      if (isAsking || ended.signal.aborted) return;
      isAsking = true;
      void goOn();
    },
    failed(thrown) {
      const reason = absenceOf(thrown);
      if (reason !== undefined) fail(reason);
    },
    [Symbol.dispose]() {
      ended.abort();
      clearTimeout(timer);
    },
  };
}

/** A node's store may be one that does not answer the node. */
function stateOf(own: StoreFacts | undefined, store: string): Pick<StoreState, "state" | "reason" | "everyMs"> {
  if (own === undefined) return { state: "unreachable", reason: `it has no store ${JSON.stringify(store)}` };
  const { state, reason, polledMs } = own;
  return {
    state,
    ...(reason !== "" && { reason: oneLine(reason, maxWords) }),
    ...(polledMs !== undefined && { everyMs: polledMs }),
  };
}

function totalsOf(own: StoreFacts | undefined): Totals | undefined {
  return own?.blobs === undefined || own.bytes === undefined ? undefined : { count: own.blobs, bytes: own.bytes };
}
