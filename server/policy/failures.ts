import { networkOf } from "./network-of.ts";

/** How many wrong tokens are looked at, of one address and of how many. Those of one network of IPv6 count as one. */
export interface FailureLimits {
  /** Within a window. */
  readonly most: number;
  readonly windowMs: number;
  /** Addresses that are remembered; the oldest goes for a new one. */
  readonly addresses: number;
}

export const failureLimits: FailureLimits = { most: 10, windowMs: 60_000, addresses: 4096 };

/** Counts what was wrong, by the address that it came from. */
export interface Failures {
  /** Milliseconds until the address is listened to again; 0: it is. */
  waitMs(address: string): number;
  /** One more was wrong. @param name those of one name count once within a window; empty: each counts */
  add(address: string, name: string): void;
}

interface Window {
  readonly endsAt: number;
  count: number;
  readonly names: Set<string>;
}

/** Nothing was wrong yet. @param nowMs a clock in milliseconds that only goes on */
export function createFailures(
  { most, windowMs, addresses }: FailureLimits = failureLimits,
  nowMs: () => number = () => performance.now(),
): Failures {
  /** In the order in which they began, and so of their ends. */
  const windows = new Map<string, Window>();

  function windowOf(address: string): Window | undefined {
    const known = windows.get(address);
    if (known === undefined || nowMs() < known.endsAt) return known;
    windows.delete(address);
    return undefined;
  }

  function begin(address: string): Window {
    for (const oldest of windows.keys()) {
      if (windows.size < addresses) break;
      windows.delete(oldest);
    }
    const window = { endsAt: nowMs() + windowMs, count: 0, names: new Set<string>() };
    windows.set(address, window);
    return window;
  }

  return {
    waitMs(address) {
      // Every call asks, and mostly nothing was wrong.
      const known = windows.size === 0 ? undefined : windowOf(networkOf(address));
      return known !== undefined && known.count >= most ? known.endsAt - nowMs() : 0;
    },
    add(address, name) {
      const network = networkOf(address);
      const window = windowOf(network) ?? begin(network);
      if (window.names.has(name)) return;
      window.count += 1;
      if (name !== "") window.names.add(name);
    },
  };
}
