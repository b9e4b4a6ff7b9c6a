import type { Transport } from "@connectrpc/connect";
import { getServer } from "../../content/remote/server.ts";
import type { StoreFacts } from "../../content/remote/stores.ts";
import { listStores } from "../../content/remote/stores.ts";
import { now } from "../clock.ts";
import type { Totals } from "../metadata/set.ts";
import { oneLine } from "../one-line.ts";
import { storeHeader } from "../policy/identify.ts";
import type { StoreState } from "../store-set/store-set.ts";
import { onOver } from "../store-set/via.ts";
import { absenceOf, isUnknownThere } from "./node-error.ts";

/** Whether a node answers, as far as it was asked. */
export interface NodeHealth extends Disposable {
  readonly state: StoreState;
  /** What its store holds, as it last said; absent: not known. */
  readonly totals: Totals | undefined;
  /** Somebody wants to know: it is asked now, and every now and then for a while. @param via as of ServedStore */
  look(via?: readonly string[]): void;
  /** A call at it failed. */
  failed(thrown: unknown): void;
}

/** How often a node is asked while somebody looks, for how long after they last did, and how long it may take, in milliseconds. */
const everyMs = 5_000;
const attentionMs = 60_000;

/** For how long one is not asked that refused the same token, in milliseconds: it stops an address for a minute that shows ten wrong ones. */
const refusedMs = 60_000;

const patienceMs = 5_000;

/** Characters of what a node says of itself that are kept. */
const maxWords = 500;

/** Which store is asked for. */
export interface WatchedStore {
  /** What the node calls it; empty: its default one. */
  readonly store: string;
  /** What it is by here, for questions that come back to it. */
  readonly id: string;
  /** Headers that say who this server is. */
  credentials(): Readonly<Record<string, string>>;
}

/** The health of a node that was not asked yet. */
export function watchNode(transport: Transport, { store, id, credentials }: WatchedStore): NodeHealth {
  const ended = new AbortController();
  let state: StoreState = { state: "connecting" };
  let totals: Totals | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let lookedVia: readonly string[] = [];
  let isAsking = false;
  let refused: { readonly token: string; readonly untilMs: number } | undefined;
  let timer: NodeJS.Timeout | undefined;

  async function ask(): Promise<void> {
    const shown = tokenOf(credentials);
    if (shown === refused?.token && performance.now() < refused.untilMs) return;
    refused = undefined;
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(patienceMs)]);
    const begun = performance.now();
    try {
      const asking = withHeaders(transport, {
        ...onOver(lookedVia, id),
        ...(store !== "" && { [storeHeader]: store }),
      });
      const [facts, stores = []] = await Promise.all([getServer(asking, signal), listStores(asking, signal)]);
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
      if (isUnknownThere(thrown)) refused = { token: shown, untilMs: performance.now() + refusedMs };
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
    look(via = []) {
      // Two servers that show each other's stores would watch each other for ever.
      if (via.includes(id)) return;
      lookedVia = via;
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

/** What is shown to a node; empty: nothing, also where its file cannot be read, which the call says. */
function tokenOf(credentials: () => Readonly<Record<string, string>>): string {
  try {
    return Object.values(credentials()).join();
  } catch {
    return "";
  }
}

/** A transport whose calls have some headers more. */
function withHeaders(transport: Transport, more: Readonly<Record<string, string>>): Transport {
  const both = (header: Parameters<Transport["unary"]>[3]): Headers => {
    const headers = new Headers(header);
    for (const [name, value] of Object.entries(more)) headers.set(name, value);
    return headers;
  };
  return {
    unary: (method, signal, timeoutMs, header, ...rest) =>
      transport.unary(method, signal, timeoutMs, both(header), ...rest),
    stream: (method, signal, timeoutMs, header, ...rest) =>
      transport.stream(method, signal, timeoutMs, both(header), ...rest),
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
