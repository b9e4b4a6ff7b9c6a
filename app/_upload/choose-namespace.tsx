"use client";
import { useCallback, useId, useRef, useState } from "react";
import { ContentError } from "../../content/errors.ts";
import { validateNamespace } from "../../content/identifiers.ts";
import { useStore } from "../_live/hooks.ts";
import { serverStore } from "../_live/server.ts";
import { Button } from "../_ui/button.tsx";
import { ctrDefault } from "../_ui/commands.ts";
import { formatBytes, formatCounted } from "../_ui/format.ts";
import { Dialog } from "../_ui/popups/index.ts";
import styles from "./choose-namespace.module.css";
import type { Handed } from "./hand-over.ts";
import { unplacedFiles } from "./hand-over.ts";
import { uploads } from "./page-uploads.ts";

/** Asks where files are to go, on a page that is about several namespaces or all. */
export function ChooseNamespace({ handed: { files, store, names } }: { readonly handed: Handed }) {
  const { namespaces } = useStore(serverStore);
  const [name, setName] = useState(names[0] ?? ctrDefault);
  const [fault, setFault] = useState<string>();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const focusInput = useCallback(() => input.current ?? true, []);
  const close = () => unplacedFiles.set(undefined);
  const bytes = files.reduce((sum, { size }) => sum + size, 0);

  function start(): void {
    try {
      validateNamespace(name);
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      return setFault(error.message);
    }
    close();
    uploads.add(files, { store, namespace: name });
  }

  return (
    <Dialog title={`Upload ${formatCounted(files.length, "file")}`} onClose={close} initialFocus={focusInput}>
      <form
        className={styles.ask}
        onSubmit={(event) => {
          event.preventDefault();
          start();
        }}
      >
        <p>
          {formatBytes(bytes)} in all. The page shows {names.length === 0 ? "all namespaces" : names.join(", ")}; choose
          the one that {files.length === 1 ? "it goes" : "they go"} to.
        </p>
        <label>
          Namespace
          <input
            ref={input}
            value={name}
            list={`${id}names`}
            autoComplete="off"
            spellCheck={false}
            aria-invalid={fault !== undefined}
            aria-describedby={`${id}fault`}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <datalist id={`${id}names`}>
          {[...new Set([...names, ...namespaces, ctrDefault])].map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
        <output id={`${id}fault`} className={styles.fault}>
          {fault}
        </output>
        <div className={styles.acts}>
          <Button onClick={close}>Cancel</Button>
          <Button look="primary" type="submit">
            Upload
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
