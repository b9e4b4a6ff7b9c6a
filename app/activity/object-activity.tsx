"use client";
import Link from "next/link";
import { useEffect, useState } from "react";
import type { Digest } from "../../content/digest.ts";
import type { AuditPage } from "../../content/remote/audit.ts";
import { getAuditPage } from "../../content/remote/audit.ts";
import { storeHref } from "../_live/here.ts";
import { serverTransport } from "../_live/link.ts";
import { formatCount } from "../_ui/format.ts";
import { Ago } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import { ResultSign, Who } from "./columns.tsx";
import { actWords } from "./event-words.ts";
import styles from "./object-activity.module.css";

/** Events that are shown. */
const shown = 8;

interface ObjectActivityProps {
  readonly namespace: string;
  readonly digest: Digest;
  /** Another text: something happened to it, so it is asked again. */
  readonly version: string;
}

/** What was done to a blob, newest first. Nothing, where the server does not tell. */
export function ObjectActivity({ namespace, digest, version }: ObjectActivityProps) {
  const page = useObjectEvents(namespace, digest, version);
  if (page === undefined) return null;
  const asked = new URLSearchParams({ ...(namespace !== "" && { ns: namespace }), q: `digest:${digest}` });
  return (
    <section className={styles.activity} aria-label="Activity">
      <header className={styles.bar}>
        <h2>Activity</h2>
        <span className="muted">
          {page.isExact ? "" : "≥ "}
          {formatCount(page.total)}
        </span>
        <span className="grow" />
        <Link className="link" prefetch={false} href={storeHref(`/activity?${asked}`)}>
          All
        </Link>
      </header>
      {page.events.length === 0 && <p className={styles.none}>Nothing that is still kept.</p>}
      <ul>
        {page.events.map((event) => (
          <li key={event.id} className={styles.event}>
            <span className="cut">
              {actWords(event)}
              <span className={styles.by}>
                <Who event={event} /> <span className="faint">{visibleText(event.peer)}</span>
              </span>
            </span>
            <ResultSign event={event} />
            <span className={styles.at}>
              <Ago at={event.at} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** What was answered last; undefined until that was, and where nothing is told. @param version as of ObjectActivity */
function useObjectEvents(namespace: string, digest: Digest, version: string): AuditPage | undefined {
  const [page, setPage] = useState<AuditPage>();
  const key = `${namespace} ${digest} ${version}`;
  useEffect(() => {
    const over = new AbortController();
    const [scope = "", of = ""] = key.split(" ");
    const selection = { query: `digest:${of}`, namespaces: scope === "" ? ["*"] : [scope] };
    getAuditPage(serverTransport(""), { selection, size: shown }, over.signal).then(setPage, () => undefined);
    return () => over.abort();
  }, [key]);
  return page;
}
