"use client";
import { usePathname } from "next/navigation";
import { useConnection, useStore } from "../_live/hooks.ts";
import { storesStore } from "../_live/stores.ts";
import type { Absence } from "./absence.ts";
import { absenceOf } from "./absence.ts";

/** Pages about the server, which has the same to show whether the address's store answers or not. */
const pagesOfServer: ReadonlySet<string> = new Set(["/activity", "/compare", "/settings"]);

/** True on a page that is about no store. */
export function useIsOfServer(): boolean {
  return pagesOfServer.has(usePathname());
}

/** As absenceOf, followed; undefined on a page that is about no store. */
export function useAbsence(name: string): Absence | undefined {
  const absence = absenceOf(useStore(storesStore), name, useConnection());
  return useIsOfServer() ? undefined : absence;
}
