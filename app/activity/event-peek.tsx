"use client";
import { ArrowUpRight } from "lucide-react";
import Link from "next/link";
import type { AuditChange, AuditEvent } from "../../content/audit.ts";
import { buttonClass } from "../_ui/button.tsx";
import { formatBytes, formatCount, formatExactBytes, formatMoment, unknown } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { Fact, FactList, Peek } from "../_ui/list/peek.tsx";
import { Ago } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./activity.module.css";
import { ResultSign, Who } from "./columns.tsx";
import { actWords, moreWords, objectHref } from "./event-words.ts";

interface EventPeekProps {
  readonly event: AuditEvent;
  readonly onClose: () => void;
}

/** Everything that is known of an event, beside the list. */
export function EventPeek({ event, onClose }: EventPeekProps) {
  const href = objectHref(event);
  return (
    <Peek
      label="Event"
      title={actWords(event)}
      onClose={onClose}
      acts={
        href !== undefined && (
          <Link href={href} prefetch={false} className={buttonClass("primary")}>
            <Icon of={ArrowUpRight} /> Open what it is about
          </Link>
        )
      }
    >
      <FactList>
        <What event={event} />
        <Whence event={event} />
      </FactList>
      <Changes event={event} />
    </Peek>
  );
}

function What({ event }: { readonly event: AuditEvent }) {
  const { name, digest, bytes, error, namespace, store, kind } = event;
  const more = moreWords(event);
  return (
    <>
      <Fact name="Result">
        <ResultSign event={event} />
        {error !== "" && <div className={styles.rule}>{visibleText(error)}</div>}
        {more !== undefined && <div className={styles.rule}>{more}</div>}
      </Fact>
      {name !== "" && (
        <Fact name={kind === "blob" ? "Ref" : "Name"}>
          <code>{visibleText(name)}</code>
        </Fact>
      )}
      {digest !== "" && (
        <Fact name="Digest">
          <code>{visibleText(digest)}</code>
        </Fact>
      )}
      {bytes !== undefined && (
        <Fact name="Bytes">
          {formatBytes(bytes)} {bytes >= 1024 && <span className="muted">{formatExactBytes(bytes)}</span>}
        </Fact>
      )}
      {namespace !== "" && <Fact name="Namespace">{visibleText(namespace)}</Fact>}
      {store !== "" && <Fact name="Store">{visibleText(store)}</Fact>}
    </>
  );
}

function Whence({ event }: { readonly event: AuditEvent }) {
  const { at, peer, userAgent, method, call, id } = event;
  return (
    <>
      <Fact name="When">
        <Ago at={at} />
        <div className={styles.rule}>{formatMoment(at)}</div>
      </Fact>
      <Fact name="Who">
        <Who event={event} />
      </Fact>
      {peer !== "" && (
        <Fact name="From">
          {visibleText(peer)}
          <div className={styles.rule}>{visibleText(userAgent)}</div>
        </Fact>
      )}
      {method !== "" && (
        <Fact name="Call">
          <code>{method.slice(method.lastIndexOf(".") + 1)}</code>
          <div className={styles.rule}>{call} in the server's log</div>
        </Fact>
      )}
      <Fact name="Number">{formatCount(id)}</Fact>
    </>
  );
}

function Changes({ event: { changes, changesLeftOut } }: { readonly event: AuditEvent }) {
  if (changes.length === 0) return null;
  return (
    <>
      <h3>
        Changes <span>{formatCount(changes.length + changesLeftOut)}</span>
      </h3>
      <FactList>
        {changes.map((change) => (
          <Fact key={change.name} name={visibleText(change.name)}>
            <Change change={change} />
          </Fact>
        ))}
      </FactList>
      {changesLeftOut > 0 && <p className="muted">and {formatCount(changesLeftOut)} more, which found no place</p>}
    </>
  );
}

function Change({ change: { before, after } }: { readonly change: AuditChange }) {
  return (
    <div className={styles.change}>
      {before !== undefined && (
        <div>
          <span className="hidden">before: </span>
          <code className={styles.gone}>{visibleText(before)}</code>
        </div>
      )}
      <div>
        <span className="hidden">after: </span>
        {after === undefined ? <span className="faint">{unknown} removed</span> : <code>{visibleText(after)}</code>}
      </div>
    </div>
  );
}
