import { join } from "node:path";
import { root } from "../../scripts/setup/paths.mjs";

/** Variables of programs on Node: it keeps what it compiled, so that each later one, and each of a server's threads, starts in half the time. */
export const keepsCompiled = { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "node") } as const;
