import { Copy, Layers, Trash2 } from "lucide-react";
import type { NamespaceRow } from "../../content/catalog.ts";
import { activityAct } from "../_catalog/activity-act.ts";
import { ctrActs } from "../_catalog/ctr-act.ts";
import type { Held } from "../_catalog/kind.ts";
import type { RowAct } from "../_catalog/row-act.ts";
import { ctrNamespaces } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";
import { scopedHref } from "./kind.ts";

/** What a dialog asks. */
export type AskedOfNamespaces = { readonly kind: "create" } | { readonly kind: "delete"; readonly row: NamespaceRow };

/** What can be done with a namespace; with one that is gone, ask who did it. */
export function actsOfNamespace(
  { row, goneAt }: Held<"namespaces">,
  ask: (asked: AskedOfNamespaces) => void,
  open: (href: string) => void,
): readonly RowAct[] {
  const activity = activityAct(row.name, undefined, open);
  if (goneAt !== undefined) return [activity];
  return [
    { key: "open", label: "Open content", icon: Layers, run: () => open(scopedHref("/content", row.name)) },
    { key: "name", label: "Copy name", icon: Copy, shortcut: "c", run: () => void copyText(row.name, "name") },
    ...ctrActs(ctrNamespaces),
    activity,
    {
      key: "delete",
      label: "Delete…",
      icon: Trash2,
      shortcut: "Delete",
      isDanger: true,
      needs: "change",
      run: () => ask({ kind: "delete", row }),
    },
  ];
}
