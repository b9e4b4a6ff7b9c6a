import { isDigest } from "../../content/digest.ts";
import type { Image } from "../../content/image.ts";
import { shortHex } from "../_ui/digest-text.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { tagOf } from "./image-line.ts";
import styles from "./images.module.css";

/** The tag of a name; of one without a tag its digest, or that it has none. */
export function TagText({ image }: { readonly image: Pick<Image, "name"> }) {
  const text = tagOf(image.name);
  const digest = text.replace(/^@/, "");
  if (text === "") return <span className={styles.none}>&lt;none&gt;</span>;
  if (isDigest(digest)) return <code className={styles.none}>@{shortHex(digest)}</code>;
  return <code className="strike">{visibleText(text)}</code>;
}
