"use client";
import { useStore } from "../_live/hooks.ts";
import { chosenKeys, keysSetting, singleKeysSetting } from "../_settings/keys.ts";

/** The key that a person chose for what this one was made for; nothing where single keys do nothing. */
export function ShortcutKey({ keys }: { readonly keys: string }) {
  const chosen = useStore(keysSetting);
  const isOff = useStore(singleKeysSetting) === "off" && keys !== "Esc";
  if (isOff) return null;
  return <kbd aria-hidden="true">{chosenKeys(keys === "Del" ? "Delete" : keys, chosen).replace("Delete", "Del")}</kbd>;
}
