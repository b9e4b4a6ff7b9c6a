"use client";
import { Pause, Play, RefreshCw, X } from "lucide-react";
import { memo } from "react";
import { etaOf, rateOf } from "../../content/eta.ts";
import { hereStore } from "../_live/here.ts";
import { useStore } from "../_live/hooks.ts";
import { IconButton } from "../_ui/button.tsx";
import { formatDuration, formatRate, unknown } from "../_ui/format.ts";
import { useOpener } from "../_ui/use-opener.ts";
import { visibleText } from "../_ui/visible-text.ts";
import { ConfirmCancel, mayDiscard } from "./confirm-cancel.tsx";
import { uploads } from "./page-uploads.ts";
import styles from "./panel.module.css";
import { canResume, isRunning } from "./queue.ts";
import { Said } from "./said.tsx";
import { StageSign } from "./stage-sign.tsx";
import type { Upload } from "./upload.ts";

interface UploadRowProps {
  readonly upload: Upload;
  /** Called when the row goes by an act of its own: it had the focus. */
  readonly onGone: () => void;
}

/** One upload: what it is doing, and what can be done with it. */
export const UploadRow = memo(function UploadRow({ upload, onGone }: UploadRowProps) {
  const { name, store, namespace, stage } = upload;
  const isElsewhere = useStore(hereStore) !== store;
  return (
    <li className={styles.row} data-stage={stage.kind}>
      <StageSign stage={stage} />
      <span className={styles.file}>
        <span className="cut" data-tip={visibleText(name)}>
          {visibleText(name)}
        </span>
        <span className={styles.namespace}>
          {isElsewhere && `${store === "" ? "the default store" : store} / `}
          {namespace}
        </span>
      </span>
      <span className={styles.said}>
        <Said upload={upload} />
      </span>
      <Pace upload={upload} />
      <span className={styles.acts}>
        <Acts upload={upload} onGone={onGone} />
      </span>
    </li>
  );
});

/** How fast it goes, and when it will be there. */
function Pace({ upload: { size, stage } }: { readonly upload: Upload }) {
  if (stage.kind !== "hashing" && stage.kind !== "sending") return null;
  const rate = rateOf(stage.samples);
  const etaMs = etaOf(stage.samples, size);
  return (
    <>
      <span className={styles.rate}>{rate === undefined ? unknown : formatRate(rate)}</span>
      <span className={styles.eta}>{etaMs === undefined ? unknown : `≈ ${formatDuration(etaMs)}`}</span>
    </>
  );
}

function Acts({ upload, onGone }: UploadRowProps) {
  const { id, name, stage } = upload;
  const { anchor, isOpen, toggle, close } = useOpener();
  const asks = mayDiscard(upload);
  async function cancel(): Promise<void> {
    await uploads.cancel(id);
    onGone();
  }
  return (
    <>
      <HoldOrGo upload={upload} />
      <IconButton
        ref={anchor}
        icon={X}
        label={`${stage.kind === "done" ? "Clear" : asks ? "Cancel…" : "Cancel"} ${visibleText(name)}`}
        aria-expanded={asks ? isOpen : undefined}
        onClick={() => (asks ? toggle() : void cancel())}
      />
      {isOpen && <ConfirmCancel upload={upload} anchor={anchor} onClose={close} onConfirm={cancel} />}
    </>
  );
}

/** One button for all that it may do, so that the focus stays on it. */
function HoldOrGo({ upload }: { readonly upload: Upload }) {
  const { id, name, stage } = upload;
  const isHeld = canResume(upload);
  if (!isHeld && !isRunning(upload)) return null;
  const [icon, word] = isHeld ? (stage.kind === "paused" ? [Play, "Resume"] : [RefreshCw, "Retry"]) : [Pause, "Pause"];
  return (
    <IconButton
      icon={icon}
      label={`${word} ${visibleText(name)}`}
      onClick={() => (isHeld ? uploads.resume(id) : uploads.pause(id))}
    />
  );
}
