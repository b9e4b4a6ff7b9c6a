"use client";
import { Check } from "lucide-react";
import type { Role } from "../../content/remote/session.ts";
import { roles, roleWords } from "../_access/roles.ts";
import { useStore } from "../_live/hooks.ts";
import { sessionStore } from "../_live/session.ts";
import { Icon } from "../_ui/icon.tsx";
import styles from "./settings.module.css";
import { Table } from "./table.tsx";

interface Right {
  readonly act: string;
  /** The least role that may. */
  readonly from: Role;
}

/** What the server lets each role do (server/policy/permissions.ts). */
const rights: readonly Right[] = [
  { act: "See content, ingests, images, leases and namespaces", from: "reader" },
  { act: "Download blobs, export images", from: "reader" },
  { act: "See stores, plugins and numbers for Prometheus", from: "reader" },
  { act: "See who changed what", from: "auditor" },
  { act: "Write content, label and delete it, abort ingests", from: "operator" },
  { act: "Make, change and delete images, leases and namespaces", from: "operator" },
  { act: "Fetch what an image lacks from its registry", from: "operator" },
  { act: "Make and revoke tokens (by a token for everything)", from: "admin" },
  { act: "Call what plugins of your own serve", from: "admin" },
];

/** What each role may do, and which one is one's own. */
export function RolesTab() {
  const own = useStore(sessionStore).answer?.session?.role;
  const columns = [
    { name: "Act", cell: ({ act }: Right) => act },
    ...roles.map((role) => ({
      name: role === own ? `${role} (you)` : role,
      cell: ({ from }: Right) => (roles.indexOf(role) >= roles.indexOf(from) ? <Yes /> : <No />),
    })),
  ];
  return (
    <>
      <div className={styles.part}>
        <dl className={styles.facts}>
          {roles.map((role) => (
            <div key={role} className={styles.fact}>
              <dt>{role}</dt>
              <dd>{roleWords[role]}</dd>
            </div>
          ))}
        </dl>
      </div>
      <Table label="Rights" className={styles.rights} columns={columns} rows={rights} keyOf={({ act }) => act} />
      <p className={styles.foot}>
        A token is good for the stores and namespaces that it names; all others are not there for it. No role may change
        what a store that is opened read-only holds.
      </p>
    </>
  );
}

function Yes() {
  return (
    <span className="ok">
      <Icon of={Check} />
      <span className="hidden">may</span>
    </span>
  );
}

function No() {
  return (
    <span className="faint">
      –<span className="hidden">may not</span>
    </span>
  );
}
