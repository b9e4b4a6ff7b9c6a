import type { Digest } from "../../content/digest.ts";
import { algorithmOf, hexOf } from "../../content/digest.ts";
import styles from "./digest.module.css";
import { Glyph } from "./glyph.tsx";
import { join } from "./join.ts";

/** Hex digits that are shown of a digest, at its start and at its end. */
const shown = { start: 8, end: 4 } as const;

/** A digest's hex, shortened, such as `9f2c41d8…a71e`. */
export function shortHex(digest: Digest): string {
  const hex = hexOf(digest);
  return `${hex.slice(0, shown.start)}…${hex.slice(-shown.end)}`;
}

/** A digest, shortened: its glyph and hex; the algorithm only where it is not sha256. The whole is in its tip. */
export function DigestText({ digest }: { readonly digest: Digest }) {
  return (
    <span className={styles.digest} data-tip={digest}>
      <Glyph digest={digest} />
      {algorithmOf(digest) !== "sha256" && <span className={styles.chip}>{algorithmOf(digest)}</span>}
      <ShortHex digest={digest} />
    </span>
  );
}

/** A digest's hex, shortened, with a quiet ellipsis. */
export function ShortHex({ digest }: { readonly digest: Digest }) {
  const hex = hexOf(digest);
  return (
    <span className={join(styles.text, "hex")}>
      {hex.slice(0, shown.start)}
      <span className={styles.ellipsis}>…</span>
      {hex.slice(-shown.end)}
    </span>
  );
}
