import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where npm puts the packages. */
export const modules = join(root, "node_modules");

/** Programs that come with the packages, Node among them. */
export const programs = join(modules, ".bin");
