"use client";
import { TriangleAlert } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useEffect, useState } from "react";
import type { Hold } from "../../content/catalog.ts";
import type { Digest } from "../../content/digest.ts";
import { useServerNow } from "../_live/hooks.ts";
import { serverTransport } from "../_live/link.ts";
import { Icon } from "../_ui/icon.tsx";
import { join } from "../_ui/join.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { visibleText } from "../_ui/visible-text.ts";
import styles from "./blob.module.css";
import { wordsOfHold } from "./hold.ts";

interface HoldLineProps {
  readonly namespace: string;
  readonly digest: Digest;
  /** In its place until the server told it, and where it does not tell; absent: nothing. */
  readonly otherwise?: ReactNode;
}

/** What holds a blob can change at any time: it is asked so often, in milliseconds. */
const askedEveryMs = 15_000;

/** Keys pass many rows: a blob is asked about once it is looked at for so long, in milliseconds. */
const restMs = 200;

const loadCatalog = patiently(() => import("../../content/remote/catalog.ts"));

/** What holds a blob, in a line. */
export function HoldLine({ namespace, digest, otherwise = null }: HoldLineProps) {
  const hold = useHold(namespace, digest);
  if (hold === undefined) return otherwise;
  const { tone, before, first, after } = wordsOfHold(hold, namespace);
  return (
    <span className={join(styles.hold, tone !== "plain" && tone)}>
      {tone === "warn" && <Icon of={TriangleAlert} />}
      <span>
        {before}
        {first && (
          <Link className={styles.other} href={first.href} prefetch={false}>
            {visibleText(first.name)}
          </Link>
        )}
        {after}
      </span>
    </span>
  );
}

function useHold(namespace: string, digest: Digest): Hold | undefined {
  const asked = useServerNow(askedEveryMs);
  const [told, setTold] = useState<{ readonly of: string; readonly hold: Hold | undefined }>();
  const of = `${namespace} ${digest}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is asked anew as time goes by.
  useEffect(() => {
    const end = new AbortController();
    const timer = setTimeout(() => {
      loadCatalog()
        .then(({ holdOf }) => holdOf(serverTransport(), {}, namespace, digest, end.signal))
        .then(
          (hold) => setTold({ of, hold }),
          () => end.signal.aborted || setTold({ of, hold: undefined }),
        );
    }, restMs);
    return () => {
      clearTimeout(timer);
      end.abort();
    };
  }, [of, asked]);
  return told?.of === of ? told.hold : undefined;
}
