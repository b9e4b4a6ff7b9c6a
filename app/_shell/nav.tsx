"use client";
import { Lock, PanelLeft, Triangle } from "lucide-react";
import Link from "next/link";
import { usePathname, useRouter } from "next/navigation";
import { Fragment } from "react";
import { isTrouble } from "../../content/ingest-state.ts";
import { usePart, useStore } from "../_live/hooks.ts";
import type { IngestsView } from "../_live/ingests.ts";
import { liveIngests } from "../_live/live.ts";
import { serverStore } from "../_live/server.ts";
import { troubleStore } from "../_live/trouble.ts";
import type { TroubleView } from "../_live/trouble-view.ts";
import { chosenKeys, keysSetting } from "../_settings/keys.ts";
import { IconButton } from "../_ui/button.tsx";
import { formatCount, formatCounted, formatTimeOfDay } from "../_ui/format.ts";
import { Icon } from "../_ui/icon.tsx";
import { useLock } from "../_ui/lock.ts";
import { Logo } from "../_ui/logo.tsx";
import { useShortcut } from "../_ui/shortcuts.ts";
import type { Page } from "./pages.ts";
import { activityPage, contentPage, ingestsPage, leasesPage, pageGroups } from "./pages.ts";
import { useScope } from "./scope.ts";
import styles from "./shell.module.css";

function countTroubled({ rows }: IngestsView): number {
  return rows.filter(({ view, goneAt }) => goneAt === undefined && isTrouble(view.state)).length;
}

/** What the mark of the leases says, with the moment when it was looked at. */
function wordsOfLeaks({ leakedLeases, isComplete, lookedAt }: TroubleView): string | undefined {
  if (leakedLeases === 0 || lookedAt === undefined) return undefined;
  const count = `${isComplete ? "" : "At least "}${formatCounted(leakedLeases, "lease")}`;
  return `${count} without an end, older than a day\nLooked at ${formatTimeOfDay(lookedAt)}`;
}

/** The pages that are served. */
export function Nav({ onCollapse }: { readonly onCollapse?: () => void }) {
  const { facts } = useStore(serverStore);
  const troubled = usePart(liveIngests, countTroubled);
  const looked = useStore(troubleStore);
  const { hrefOf } = useScope();
  const troubles = new Map([
    [ingestsPage, { count: troubled, tip: undefined }],
    [leasesPage, { count: looked.leakedLeases, tip: wordsOfLeaks(looked) }],
  ]);
  return (
    <div className={styles.navBody}>
      <div className={styles.brand}>
        <Link href={hrefOf("/content")} prefetch={false} aria-label="Stowage">
          <Logo />
          <span>Stowage</span>
        </Link>
        {onCollapse && <IconButton icon={PanelLeft} label="Collapse navigation" onClick={onCollapse} />}
      </div>
      {pageGroups.map(({ name, pages }) => (
        <Fragment key={name}>
          <p className={styles.group} aria-hidden="true">
            {name}
          </p>
          <ul className={styles.links} aria-label={name}>
            {pages.map((page) => (
              <li key={page.path}>
                <NavLink page={page} trouble={troubles.get(page)?.count} tip={troubles.get(page)?.tip} />
              </li>
            ))}
          </ul>
        </Fragment>
      ))}
      {facts && (
        <div className={styles.foot}>
          {facts.version} · {facts.host}
        </div>
      )}
    </div>
  );
}

interface NavLinkProps {
  readonly page: Page;
  readonly trouble: number | undefined;
  readonly tip: string | undefined;
}

function NavLink({ page, trouble = 0, tip }: NavLinkProps) {
  const path = usePathname();
  const router = useRouter();
  const { hrefOf } = useScope();
  const href = hrefOf(page.path);
  const isCurrent = path === page.path || (page === contentPage && (path === "/" || path === "/blob"));
  useShortcut(page.keys, `Go to ${page.name}`, "Everywhere", () => router.push(href));
  const lock = useLock(page === activityPage ? "audit" : undefined);
  const label = trouble === 0 ? page.name : `${page.name}, ${trouble} in trouble`;
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={isCurrent ? "page" : undefined}
      aria-label={label}
      aria-description={lock}
      data-tip={lock ?? tip}
    >
      <Icon of={lock === undefined ? page.icon : Lock} />
      <span className={styles.word}>{page.name}</span>
      {trouble > 0 && (
        <span className={styles.badge}>
          <Icon of={Triangle} size={12} isSolid />
          <b>{formatCount(trouble)}</b>
        </span>
      )}
      <span className={styles.key} aria-hidden="true">
        {chosenKeys(page.keys, useStore(keysSetting))}
      </span>
    </Link>
  );
}
