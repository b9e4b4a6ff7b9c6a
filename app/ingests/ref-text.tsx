import type { Digest } from "../../content/digest.ts";
import { ShortHex } from "../_ui/digest-text.tsx";
import { Glyph } from "../_ui/glyph.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./ingests.module.css";
import { partsOfRef } from "./ref.ts";

interface RefTextProps {
  readonly reference: string;
  /** The digest that was declared. */
  readonly expected?: Digest | undefined;
}

/** A ref: the glyph of the digest it is for, as far as that is known, and its words. */
export function RefText({ reference, expected }: RefTextProps) {
  const { prefix, digest } = partsOfRef(reference);
  return (
    <span className={styles.refText} data-tip={visibleText(reference)}>
      <Glyph digest={digest ?? expected} />
      <span className="cut strike">
        <span className={digest && "faint"}>{visibleText(prefix)}</span>
        {digest && <ShortHex digest={digest} />}
      </span>
    </span>
  );
}
