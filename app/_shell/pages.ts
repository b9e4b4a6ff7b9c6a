import { Download, Layers, type LucideIcon } from "lucide-react";

/** A page that is served. */
export interface Page {
  readonly path: string;
  readonly name: string;
  readonly icon: LucideIcon;
  /** Keys that go there. */
  readonly keys: string;
}

/** What is stored. */
export const contentPage: Page = { path: "/content", name: "Content", icon: Layers, keys: "g c" };

/** What is being written. */
export const ingestsPage: Page = { path: "/ingests", name: "Ingests", icon: Download, keys: "g i" };

/** The pages that are served, in the order of the navigation. */
export const pages: readonly Page[] = [contentPage, ingestsPage];
