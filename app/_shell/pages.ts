import { Boxes, Download, Folders, Hourglass, Layers, type LucideIcon } from "lucide-react";

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

/** What has a name, and holds what is stored. */
export const imagesPage: Page = { path: "/images", name: "Images", icon: Boxes, keys: "g m" };

/** What is held for a while. */
export const leasesPage: Page = { path: "/leases", name: "Leases", icon: Hourglass, keys: "g l" };

/** What parts all of it. */
export const namespacesPage: Page = { path: "/namespaces", name: "Namespaces", icon: Folders, keys: "g n" };

/** The pages that are served, in the order of the navigation. */
export const pages: readonly Page[] = [contentPage, ingestsPage, imagesPage, leasesPage, namespacesPage];
