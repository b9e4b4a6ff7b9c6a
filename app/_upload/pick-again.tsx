"use client";
import { useRef } from "react";
import { visibleText } from "../_ui/visible-text.ts";
import { uploads } from "./page-uploads.ts";
import styles from "./panel.module.css";
import type { Upload } from "./upload.ts";

/** Asks for the file of an upload that lacks it. */
export function PickAgain({ upload: { id, name } }: { readonly upload: Upload }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" className={styles.pick} onClick={() => input.current?.click()}>
        Pick the file again…<span className="hidden"> {visibleText(name)}</span>
      </button>
      <input
        ref={input}
        type="file"
        hidden
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) uploads.pickFor(id, file);
          target.value = "";
        }}
      />
    </>
  );
}
