import { Check, Hourglass, type LucideIcon, Recycle, X } from "lucide-react";
import Link from "next/link";
import type { AuditEvent } from "../../content/audit.ts";
import { isDigest } from "../../content/digest.ts";
import type { EventRow } from "../_live/events.ts";
import { Bytes } from "../_ui/bytes.tsx";
import { DigestText } from "../_ui/digest-text.tsx";
import { unknown } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import type { Column } from "../_ui/list/column.ts";
import { Age } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./activity.module.css";
import { actWords, clientWords, moreWords, objectHref, resultWord } from "./event-words.ts";

type EventColumn = Column<EventRow>;

const time: EventColumn = {
  id: "time",
  header: "Time",
  width: "96px",
  isFixed: true,
  className: styles.time,
  cell: ({ row }) => <Age at={row.at} />,
};

const who: EventColumn = {
  id: "who",
  header: "Who",
  width: "minmax(88px, 120px)",
  className: styles.who,
  cell: ({ row }) => <Who event={row} />,
};

/** Who did it; the server itself where nobody called. */
export function Who({ event: { who: name, cause } }: { readonly event: AuditEvent }) {
  if (name !== "") return <span className="cut">{visibleText(name)}</span>;
  return cause === "client" ? (
    <span className={styles.nobody}>{unknown}</span>
  ) : (
    <span className="faint">the server</span>
  );
}

const from: EventColumn = {
  id: "from",
  header: "From",
  width: "minmax(136px, 1fr)",
  className: styles.from,
  cell: ({ row: { peer, userAgent } }) =>
    peer === "" ? (
      <span className="faint">{unknown}</span>
    ) : (
      <span className="cut" data-tip={visibleText(`${peer}\n${userAgent}`)}>
        {visibleText(peer)} <span className="faint">{visibleText(clientWords(userAgent))}</span>
      </span>
    ),
};

const act: EventColumn = {
  id: "act",
  header: "Act",
  width: "136px",
  isFixed: true,
  className: styles.act,
  cell: ({ row }) => actWords(row),
};

const object: EventColumn = {
  id: "object",
  header: "Object",
  width: "minmax(164px, 1.4fr)",
  isFixed: true,
  className: styles.object,
  cell: ({ row }) => <Subject event={row} />,
};

/** What it was done to: a link where that has a page. */
export function Subject({ event }: { readonly event: AuditEvent }) {
  const more = moreWords(event);
  const href = objectHref(event);
  if (more !== undefined) return <span className="muted">{more}</span>;
  const text = <SubjectText event={event} />;
  return href === undefined ? (
    text
  ) : (
    <Link href={href} prefetch={false} tabIndex={-1} className={styles.subject}>
      {text}
    </Link>
  );
}

function SubjectText({ event: { kind, name, digest } }: { readonly event: AuditEvent }) {
  if (kind === "blob" && isDigest(digest)) return <DigestText digest={digest} />;
  const text = name || digest;
  if (text === "") return <span className={styles.nothing}>{unknown}</span>;
  return (
    <code className="cut" data-tip={visibleText(text)}>
      {visibleText(text)}
    </code>
  );
}

const bytes: EventColumn = {
  id: "bytes",
  header: "Bytes",
  width: "96px",
  align: "end",
  className: styles.bytes,
  cell: ({ row }) => (row.bytes === undefined ? <span className="faint">{unknown}</span> : <Bytes of={row.bytes} />),
};

const result: EventColumn = {
  id: "result",
  header: "Result",
  width: "minmax(164px, .5fr)",
  className: styles.result,
  cell: ({ row }) => <ResultSign event={row} />,
};

function signOf({ code, cause }: AuditEvent): readonly [LucideIcon, string] {
  if (code !== "ok") return [X, "danger"];
  if (cause === "collection") return [Recycle, "muted"];
  return cause === "expiry" ? [Hourglass, "muted"] : [Check, "ok"];
}

/** How it went, by an icon and a word. */
export function ResultSign({ event }: { readonly event: AuditEvent }) {
  const [icon, tone] = signOf(event);
  return (
    <span className={styles.sign} data-tip={event.error === "" ? undefined : visibleText(event.error)}>
      <Icon of={icon} className={tone} />
      <span className="cut">{resultWord(event)}</span>
    </span>
  );
}

const namespace: EventColumn = {
  id: "ns",
  header: "Namespace",
  width: "minmax(88px, 104px)",
  className: styles.namespace,
  cell: ({ row }) => <span className="cut">{row.namespace || unknown}</span>,
};

const store: EventColumn = {
  id: "store",
  header: "Store",
  width: "minmax(80px, 96px)",
  className: styles.store,
  cell: ({ row }) => <span className="cut">{row.store || unknown}</span>,
};

/** Columns that tell what a panel beside the list tells too. */
export const toldByPanel: ReadonlySet<string> = new Set(["from", "bytes", "ns", "store"]);

/** The columns of what was done. @param has rows are of several namespaces, of several stores */
export function eventColumns(has: { readonly namespaces: boolean; readonly stores: boolean }): readonly EventColumn[] {
  const shownStore = { ...store, ...(!has.stores && { isExtra: true as const }) };
  return [time, who, from, act, object, result, bytes, ...(has.namespaces ? [namespace] : []), shownStore];
}
