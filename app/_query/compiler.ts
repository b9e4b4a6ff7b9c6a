import type { CompileRegexp } from "../../content/regexp.ts";
import type { Store } from "../_live/store.ts";
import { createStore } from "../_live/store.ts";
import { patiently } from "../_ui/popups/patiently.ts";

const compiler = createStore<CompileRegexp | undefined>(undefined);

/** Tells whether patterns can be compiled: absent, not yet. */
export const compilerStore: Store<CompileRegexp | undefined> = compiler;

/** Load what compiles the patterns of queries: it is a fifth of a page, and few queries have one. */
export const loadPatterns = patiently(async () => {
  const { compileRegexp } = await import("../../content/regexp.ts");
  compiler.set(compileRegexp);
});

/** compileRegexp, once it is loaded; until then no pattern is to be compiled, which app/_query/patterns.ts sees to. */
export const compilePattern: CompileRegexp = (pattern) => {
  const compile = compiler.get();
  if (compile === undefined) throw new Error("a pattern is compiled before its compiler is loaded");
  return compile(pattern);
};
