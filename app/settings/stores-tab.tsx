"use client";
import Link from "next/link";
import { useEffect } from "react";
import type { StoreFacts } from "../../content/remote/stores.ts";
import { contentHref } from "../_find/places.ts";
import { useStore } from "../_live/hooks.ts";
import { signInsStore } from "../_live/signed-out.ts";
import { storesStore } from "../_live/stores.ts";
import { askStoresMs, watchStores } from "../_live/watch-stores.ts";
import { formatLatency, StoreSign } from "../_shell/store-facts.tsx";
import { clause } from "../_ui/clause.ts";
import { CodeLine } from "../_ui/code-line.tsx";
import { formatBytes, formatCount, formatDuration, unknown } from "../_ui/format.ts";
import { Ago } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./settings.module.css";
import type { TableColumn } from "./table.tsx";
import { Table } from "./table.tsx";

const columns: readonly TableColumn<StoreFacts>[] = [
  { name: "Store", isLong: true, cell: (facts) => <Name facts={facts} /> },
  { name: "Plugin", cell: ({ plugin }) => plugin },
  {
    name: "Where",
    isLong: true,
    cell: (facts) => placeOf(facts),
  },
  { name: "State", isLong: true, cell: (facts) => <State facts={facts} /> },
  {
    name: "Answers in",
    isNumber: true,
    cell: ({ latencyMs }) => (latencyMs === undefined ? "" : formatLatency(latencyMs)),
  },
  { name: "Looked at", cell: ({ polledMs }) => (polledMs === undefined ? "" : `every ${formatDuration(polledMs)}`) },
  { name: "Changes", cell: ({ allowsChanges }) => (allowsChanges ? "allowed" : "read-only") },
  { name: "Blobs", isNumber: true, cell: ({ blobs }) => (blobs === undefined ? unknown : formatCount(blobs)) },
  { name: "Bytes", isNumber: true, cell: ({ bytes }) => (bytes === undefined ? unknown : formatBytes(bytes)) },
];

/** The stores of the server, each as it is now, and how to add one. */
export function StoresTab() {
  const { stores, toldAt } = useStore(storesStore);
  const signIns = useStore(signInsStore);
  useEffect(() => watchStores(askStoresMs.others), [signIns]);
  return (
    <>
      {toldAt !== undefined && <Table label="Stores" columns={columns} rows={stores} keyOf={({ name }) => name} />}
      {stores.length > 0 && (
        <p className={styles.foot}>Their state is asked for every 5 s while this page is in sight.</p>
      )}
      <AddStore />
    </>
  );
}

function Name({ facts }: { readonly facts: StoreFacts }) {
  const { name, isDefault, version } = facts;
  return (
    <>
      <Link className="link" href={contentHref("", { store: isDefault ? "" : name, scope: [] })} prefetch={false}>
        {visibleText(name)}
      </Link>
      {isDefault && <span className={styles.line}>the default one</span>}
      {version !== "" && <span className={styles.line}>{visibleText(versionWords(facts))}</span>}
    </>
  );
}

/** Where its bytes are; a store of the server's own tells no place. */
function placeOf({ plugin, target }: StoreFacts): string {
  if (target !== "") return visibleText(target);
  if (plugin === "memory") return "in memory, gone with the server";
  return plugin === "local" ? "in the data directory" : unknown;
}

/** What a store elsewhere is served by; a layout names what it is a version of by itself. */
function versionWords({ plugin, version }: StoreFacts): string {
  if (plugin === "oci-layout") return version;
  return `${plugin === "remote" ? "Stowage" : plugin} ${version}`;
}

function State({ facts }: { readonly facts: StoreFacts }) {
  const { state, reason, lastContact } = facts;
  return (
    <>
      <span className={styles.sign}>
        <StoreSign facts={facts} /> {state}
      </span>
      {reason !== "" && <span className={styles.line}>{clause(reason)}</span>}
      {state === "unreachable" && (
        <span className={styles.line}>
          {lastContact ? (
            <>
              answered <Ago at={lastContact} />
            </>
          ) : (
            "never answered"
          )}
        </span>
      )}
    </>
  );
}

/** Lines that add a store, as the server's `--help` and its config have them. */
const examples = [
  { what: "A containerd, read-only", line: "npm start -- --open /run/containerd/containerd.sock" },
  { what: "A folder with an OCI layout", line: "npm start -- --open ./image-layout" },
  {
    what: "Another Stowage, with this server’s token there",
    line: "npm start -- --open https://node-7.example --token-file node-7.token",
  },
] as const;

const config = `[stores.node-7]
plugin = "remote"
url = "https://node-7.example"
token_file = "node-7.token"`;

function AddStore() {
  return (
    <section className={styles.part}>
      <h2 className={styles.add}>Add a store</h2>
      <p>A server opens its stores when it starts: by a flag, or for good in its config file, where each has a name.</p>
      {examples.map(({ what, line }) => (
        <div key={what} className={styles.example}>
          {what}
          <CodeLine line={line} what="line" />
        </div>
      ))}
      <div className={styles.example}>
        In the config
        <CodeLine line={config} what="config lines" />
      </div>
    </section>
  );
}
