"use client";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import type { ComponentType } from "react";
import { lazy, Suspense, useEffect, useRef } from "react";
import { moveTo } from "../_live/here.ts";
import { useStore } from "../_live/hooks.ts";
import { sessionStore } from "../_live/session.ts";
import { settingsPage } from "../_shell/pages.ts";
import { useScope, useStoreName } from "../_shell/scope.ts";
import { PageHead } from "../_ui/page-head.tsx";
import { patiently } from "../_ui/popups/patiently.ts";
import styles from "./settings.module.css";
import { tabHref } from "./tab-href.ts";

interface Tab {
  /** As the address names it. */
  readonly key: string;
  readonly name: string;
  readonly content: ComponentType;
  /** It says nothing where nobody has to sign in. */
  readonly isOfSignIn?: true;
}

const tabs: readonly Tab[] = [
  tab("display", "Display", async () => (await import("./display-tab.tsx")).DisplayTab),
  tab("shortcuts", "Shortcuts", async () => (await import("./shortcuts-tab.tsx")).ShortcutsTab),
  tab("thresholds", "Thresholds", async () => (await import("./thresholds-tab.tsx")).ThresholdsTab),
  tab("stores", "Stores", async () => (await import("./stores-tab.tsx")).StoresTab),
  { ...tab("tokens", "Tokens", async () => (await import("./tokens-tab.tsx")).TokensTab), isOfSignIn: true },
  { ...tab("roles", "Roles", async () => (await import("./roles-tab.tsx")).RolesTab), isOfSignIn: true },
  tab("plugins", "Plugins", async () => (await import("./plugins-tab.tsx")).PluginsTab),
  tab("about", "About", async () => (await import("./about-tab.tsx")).AboutTab),
];

/** A tab is loaded when it is first shown. */
function tab(key: string, name: string, load: () => Promise<ComponentType>): Tab {
  return { key, name, content: lazy(patiently(async () => ({ default: await load() }))) };
}

/** What can be set, and what there is to know about the server; `tab` in the address names the part. */
export function SettingsPage() {
  const [key] = useQueryState("tab", parseAsString);
  const { hrefOf } = useScope();
  const store = useStoreName();
  const { answer } = useStore(sessionStore);
  const current = useRef<HTMLAnchorElement>(null);
  useEffect(() => moveTo(store), [store]);
  const shown = tabs.find((each) => each.key === key) ?? tabs[0];
  const there = tabs.filter((each) => !each.isOfSignIn || answer?.isSignInNeeded === true || each === shown);
  // Where tabs do not fit, the one that is shown is in sight, also once others came before it.
  useEffect(() => void current.current?.scrollIntoView({ block: "nearest", inline: "nearest" }), [shown, there.length]);
  if (shown === undefined) return null;
  return (
    <div className={styles.settings}>
      <PageHead title="Settings" name="Settings" />
      <nav className={styles.tabs} aria-label="Settings">
        {there.map((each) => (
          <Link
            key={each.key}
            ref={each === shown ? current : undefined}
            href={tabHref(hrefOf(settingsPage.path), each.key)}
            prefetch={false}
            scroll={false}
            aria-current={each === shown ? "page" : undefined}
          >
            {each.name}
          </Link>
        ))}
      </nav>
      <section className={styles.body} aria-label={shown.name} tabIndex={0}>
        <Suspense fallback={null}>
          <shown.content />
        </Suspense>
      </section>
    </div>
  );
}
