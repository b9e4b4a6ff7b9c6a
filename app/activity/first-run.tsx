"use client";
import { FirstRow } from "../_catalog/first-run.tsx";
import { ctrDefault, ctrHello } from "../_ui/commands.ts";

/** Nothing was done yet, or nothing of it is kept. */
export function FirstRun({ names }: { readonly names: readonly string[] }) {
  const namespace = names.length === 1 ? (names[0] ?? ctrDefault) : ctrDefault;
  return (
    <FirstRow title="Nothing was done yet" lineOf={(socket) => ctrHello({ socket, namespace })}>
      Whatever is written, labelled, deleted or collected will be a row on this page: by whom, from where, and how it
      went.
    </FirstRow>
  );
}
