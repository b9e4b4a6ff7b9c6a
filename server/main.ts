import { join } from "node:path";
import { keepCompiled } from "./keep-compiled.ts";

keepCompiled(join(import.meta.dirname, "..", "node_modules", ".cache", "node"));

// Whatever is imported here is loaded before the line above.
await import("./command.ts");
