import { formatBytes, formatExactBytes } from "./format.ts";

/** A size with three digits; the exact one is in its tip. */
export function Bytes({ of: bytes }: { readonly of: number }) {
  return <span data-tip={formatExactBytes(bytes)}>{formatBytes(bytes)}</span>;
}
