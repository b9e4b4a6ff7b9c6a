"use client";
import { lazy } from "react";
import { patiently } from "./patiently.ts";

const loaders = {
  confirm: patiently(() => import("./confirm.tsx")),
  dialog: patiently(() => import("./dialog.tsx")),
  menu: patiently(() => import("./menu.tsx")),
  panel: patiently(() => import("./panel.tsx")),
  tips: patiently(() => import("./tips.tsx")),
};

/** Popups weigh more than the page that they are on, so that they come after its first rows. */
export const Confirm = lazy(loaders.confirm);
/** As Confirm: a dialog over the page, or a sheet along its edge. */
export const Dialog = lazy(loaders.dialog);
/** As Confirm: a menu. */
export const Menu = lazy(loaders.menu);
/** As Confirm: a panel beside what opened it. */
export const Panel = lazy(loaders.panel);
/** As Confirm: the tips of everything that has `data-tip`. */
export const Tips = lazy(loaders.tips);

/** Load all popups now, so that the first one opens at once. */
export function preloadPopups(): void {
  for (const load of Object.values(loaders)) void load();
}
