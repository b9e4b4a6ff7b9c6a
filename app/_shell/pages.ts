import {
  Boxes,
  Download,
  Folders,
  GitCompareArrows,
  History,
  Hourglass,
  Layers,
  type LucideIcon,
  Settings2,
} from "lucide-react";

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

/** What was done, and by whom. */
export const activityPage: Page = { path: "/activity", name: "Activity", icon: History, keys: "g a" };

/** What two stores have and have not of each other. */
export const comparePage: Page = { path: "/compare", name: "Compare", icon: GitCompareArrows, keys: "g x" };

/** How this browser shows the rest, who may do what, and what the server is made of. */
export const settingsPage: Page = { path: "/settings", name: "Settings", icon: Settings2, keys: "g s" };

/** Pages that answer alike: what is here, what happens, what stays, who rules. */
interface PageGroup {
  readonly name: string;
  readonly pages: readonly Page[];
}

/** The groups of the navigation, in its order. */
export const pageGroups: readonly PageGroup[] = [
  { name: "Look", pages: [contentPage, imagesPage] },
  { name: "Now", pages: [ingestsPage, activityPage] },
  { name: "Keep", pages: [leasesPage, comparePage] },
  { name: "Admin", pages: [namespacesPage, settingsPage] },
];

/** The pages that are served, in the order of the navigation. */
export const pages: readonly Page[] = pageGroups.flatMap((group) => group.pages);
