import { Upload } from "lucide-react";
import { Icon } from "../_ui/icon.tsx";
import styles from "./drop-target.module.css";

/** What stands over the page while files are held over it. */
export function DropTarget({ names }: { readonly names: readonly string[] }) {
  return (
    <div className={styles.target} aria-hidden="true">
      <div className={styles.words}>
        <Icon of={Upload} />
        <b>Drop to upload</b>
        <span className="muted">
          {names.length === 1 ? (
            <>
              to namespace <b>{names[0]}</b>
            </>
          ) : (
            "You choose the namespace next"
          )}
        </span>
      </div>
    </div>
  );
}
