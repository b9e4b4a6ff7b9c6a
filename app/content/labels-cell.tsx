import type { Labels } from "../../content/store.ts";
import { formatCount } from "../_ui/format.ts";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./content.module.css";

/** The prefix of containerd's own labels; it says nothing in a column of them. */
const ownPrefix = "containerd.io/";

/** How many labels a blob has, and the keys of the first of them. */
export function LabelsCell({ labels }: { readonly labels: Labels }) {
  const keys = Object.keys(labels);
  if (keys.length === 0) return <span className="faint">none</span>;
  return (
    <span
      data-tip={keys
        .map((key) => visibleText(`${key}=${labels[key]}`))
        .join("\n")
        .slice(0, 1000)}
    >
      {formatCount(keys.length)}
      <span className={styles.keys}>{keys.map((key) => visibleText(key.replace(ownPrefix, ""))).join(", ")}</span>
    </span>
  );
}
