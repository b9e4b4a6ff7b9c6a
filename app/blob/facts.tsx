import Link from "next/link";
import type { Info } from "../../content/store.ts";
import { storeHref } from "../_live/here.ts";
import { formatBytes, formatExactBytes } from "../_ui/format.ts";
import { Ago } from "../_ui/time.tsx";
import styles from "./blob.module.css";
import { HoldLine } from "./hold-line.tsx";

interface FactsProps {
  readonly info: Info;
  readonly namespace: string;
  /** Every namespace that holds it. */
  readonly holders: readonly string[];
  /** It was deleted: nothing holds it any more. */
  readonly isGone: boolean;
}

/** What is known of a blob, in a line. */
export function Facts({ info, namespace, holders, isGone }: FactsProps) {
  const names = holders.includes(namespace) ? holders : [namespace, ...holders];
  return (
    <div className={styles.facts}>
      <span>
        <b>{formatBytes(info.size)}</b> {info.size >= 1024 && formatExactBytes(info.size)}
      </span>
      <span>
        in{" "}
        {names.map((name, index) => (
          <span key={name}>
            {index > 0 && ", "}
            {name === namespace ? (
              <b>{name}</b>
            ) : (
              <Link
                className={styles.other}
                href={storeHref(`/blob?ns=${encodeURIComponent(name)}&d=${info.digest}`)}
                prefetch={false}
              >
                {name}
              </Link>
            )}
          </span>
        ))}
      </span>
      <span>
        created <Ago at={info.createdAt} />
      </span>
      {!isGone && <HoldLine namespace={namespace} digest={info.digest} />}
      {info.updatedAt.getTime() !== info.createdAt.getTime() && (
        <span>
          labels changed <Ago at={info.updatedAt} />
        </span>
      )}
    </div>
  );
}
