import { vi } from "vitest";
import { patience } from "./patience.ts";

/** Wait until something is so. @returns what it came to be; fails where it does not come to be */
export function waitUntil<T>(is: () => T | Promise<T>) {
  return vi.waitUntil(is, patience);
}
