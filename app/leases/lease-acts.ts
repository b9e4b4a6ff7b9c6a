import { Clock, Copy, Trash2 } from "lucide-react";
import type { LeaseRow } from "../../content/catalog.ts";
import { isKind } from "../../content/errors.ts";
import { deleteLease } from "../../content/remote/leases.ts";
import { activityAct } from "../_catalog/activity-act.ts";
import { ctrActs } from "../_catalog/ctr-act.ts";
import type { Held } from "../_catalog/kind.ts";
import type { RowAct } from "../_catalog/row-act.ts";
import { serverTransport } from "../_live/link.ts";
import { ctrLease } from "../_ui/commands.ts";
import { copyText } from "../_ui/copy-button.tsx";

/** What a dialog asks about a lease. */
export interface AskedOfLease {
  readonly kind: "extend" | "expire";
  readonly row: LeaseRow;
}

/** What can be done with a lease; with one that is gone, ask who did it. */
export function actsOfLease(
  { row, goneAt }: Held<"leases">,
  ask: (asked: AskedOfLease) => void,
  open: (href: string) => void,
): readonly RowAct[] {
  const { namespace, lease } = row;
  const activity = activityAct(namespace, { kind: "lease", name: lease.id }, open);
  if (goneAt !== undefined) return [activity];
  return [
    {
      key: "extend",
      label: "Extend…",
      icon: Clock,
      shortcut: "e",
      needs: "change",
      run: () => ask({ kind: "extend", row }),
    },
    { key: "id", label: "Copy id", icon: Copy, shortcut: "c", run: () => void copyText(lease.id, "id") },
    ...ctrActs((socket) => ctrLease({ socket, namespace }, lease.id)),
    activity,
    {
      key: "expire",
      label: "Expire now…",
      icon: Trash2,
      shortcut: "Delete",
      isDanger: true,
      needs: "change",
      run: () => ask({ kind: "expire", row }),
    },
  ];
}

/** Ends a lease, never what it holds. @returns `already`: there is no such lease any more. @throws what the server refuses */
export async function expireLease({ namespace, lease }: LeaseRow, signal?: AbortSignal): Promise<"done" | "already"> {
  try {
    await deleteLease(serverTransport(), { namespace }, lease.id, signal && { signal });
    return "done";
  } catch (error) {
    if (isKind(error, "not-found")) return "already";
    throw error;
  }
}
