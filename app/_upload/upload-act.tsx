"use client";
import { Upload } from "lucide-react";
import { lazy, Suspense, useRef } from "react";
import { Button } from "../_ui/button.tsx";
import { unlessLocked } from "../_ui/lock.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { useShortcut } from "../_ui/shortcuts.ts";
import { useFileDrop } from "./use-file-drop.ts";
import { upload } from "./wanted.ts";

const DropTarget = lazy(patiently(async () => ({ default: (await import("./drop-target.tsx")).DropTarget })));

/** Takes files: those that are picked, and those that are dropped anywhere on the page. @param names as the page is about */
export function UploadAct({ names }: { readonly names: readonly string[] }) {
  const input = useRef<HTMLInputElement>(null);
  const pick = () => input.current?.click();
  const isOver = useFileDrop((files, folders) => unlessLocked("change", () => void upload(files, names, folders)));
  useShortcut("u", "Upload…", "Everywhere", pick, "change");
  return (
    <>
      <Button icon={Upload} shortcut="u" needs="change" onClick={pick}>
        Upload…
      </Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ target }) => {
          void upload([...(target.files ?? [])], names);
          target.value = "";
        }}
      />
      {isOver && (
        <Suspense fallback={null}>
          <DropTarget names={names} />
        </Suspense>
      )}
    </>
  );
}
