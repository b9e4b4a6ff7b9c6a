/** containerd's filter language: parsing, and evaluation over anything with fields. */
export type { Adaptor } from "./filters/adaptors.ts";
export { blobAdaptor, imageAdaptor, leaseAdaptor, statusAdaptor } from "./filters/adaptors.ts";
export type { Filter } from "./filters/compile.ts";
export { compileFilters } from "./filters/compile.ts";
export { filterLimits } from "./filters/limits.ts";
export { parseFilter } from "./filters/parser.ts";
