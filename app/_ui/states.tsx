import { Copy, Info, Lock, RefreshCw, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import { copyText } from "./copy-button.tsx";
import { errorText } from "./error-text.ts";
import { Icon } from "./icon.tsx";
import styles from "./states.module.css";

interface StateProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** Drawn above the title. */
  readonly drawing?: ReactNode;
  readonly acts?: ReactNode;
}

/** What a page says in place of rows. */
export function State({ title, children, drawing, acts }: StateProps) {
  return (
    <div className={styles.state}>
      {drawing}
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {acts && <div className={styles.acts}>{acts}</div>}
    </div>
  );
}

/** What went wrong, in the server's words, and a way to try again. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  return (
    <State
      title="The server did not answer this"
      acts={
        <>
          <Button icon={RefreshCw} onClick={onRetry} shortcut="r">
            Retry
          </Button>
          <Button icon={Copy} onClick={() => void copyText(errorText(error), "details")}>
            Copy details
          </Button>
        </>
      }
    >
      <span className={styles.detail}>{errorText(error)}</span>
    </State>
  );
}

interface DeniedStateProps {
  /** What may not be seen, such as `the ingests`. */
  readonly what: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** The server does not let this person see something, and who can change that. */
export function DeniedState({ what, error, onRetry }: DeniedStateProps) {
  return (
    <LockedState
      what={what}
      why={error instanceof Error ? error.message : String(error)}
      acts={
        <Button icon={RefreshCw} onClick={onRetry} shortcut="r">
          Retry
        </Button>
      }
    />
  );
}

interface LockedStateProps {
  /** As of DeniedState. */
  readonly what: string;
  /** One sentence without its end. */
  readonly why: string;
  readonly acts?: ReactNode;
}

/** What this person may not see, as it is known before anything is asked. */
export function LockedState({ what, why, acts }: LockedStateProps) {
  return (
    <State title={`You may not see ${what}`} acts={acts}>
      <Icon of={Lock} size={14} /> {why}. An admin can give you a token that may.
    </State>
  );
}

interface BarProps {
  readonly look?: "warn" | "danger" | "note";
  readonly children: ReactNode;
  readonly acts?: ReactNode;
}

/** A line above the rows that says why they are not what they seem, or what else is known of them. */
export function Bar({ look = "warn", children, acts }: BarProps) {
  return (
    <div className={styles.bar}>
      <Icon of={look === "note" ? Info : TriangleAlert} className={look === "note" ? "muted" : look} />
      <span>{children}</span>
      {acts && <span className={styles.acts}>{acts}</span>}
    </div>
  );
}

/** Crates with the bars of a digest on top: the drawing of an empty store. */
export function CratesDrawing() {
  return (
    <svg className={styles.drawing} viewBox="0 0 216 96" aria-hidden="true">
      <path d="M1 95h214M53 56h110v39H53zM53 69h110M53 82h110" />
      <path d="M63 56V33h7v23M75 56V33h7v23M87 56V20h7v36M99 56V46h7v10M111 56V20h7v36M122 56V33h7v23M134 56V46h7v10M146 56V33h7v23" />
      <path d="M9 67h30v28H9zM9 76.5h30M9 86h30M177 67h30v28h-30zM177 76.5h30M177 86h30" />
    </svg>
  );
}

/** A quay with nothing on it: the drawing of a store where nothing moves. */
export function QuayDrawing() {
  return (
    <svg className={styles.drawing} viewBox="0 0 216 96" aria-hidden="true">
      <path d="M1 95h214M73 67h70v28H73zM73 81h70" />
      <path d="M96 22V8h7v14M113 22V8h7v14" strokeDasharray="3 4" />
      <path d="M108 30v22M99 44l9 9 9-9" />
    </svg>
  );
}
