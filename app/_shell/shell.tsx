"use client";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Menu as MenuIcon } from "lucide-react";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Find } from "../_find/find.tsx";
import { useConnection, useStore } from "../_live/hooks.ts";
import { liveIngests } from "../_live/live.ts";
import { togglePause } from "../_live/pause.ts";
import { refreshServer } from "../_live/server.ts";
import { watchTrouble } from "../_live/trouble.ts";
import { loadPatterns } from "../_query/compiler.ts";
import { Announcer, announce } from "../_ui/announcer.tsx";
import { IconButton } from "../_ui/button.tsx";
import { copyText } from "../_ui/copy-button.tsx";
import { Dialog, preloadPopups, Tips } from "../_ui/popups/index.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import { listenForShortcuts, useShortcut } from "../_ui/shortcuts.ts";
import { UploadsSlot } from "../_upload/uploads-slot.tsx";
import { Addressed } from "./addressed.tsx";
import { ConnectionIndicator } from "./connection-indicator.tsx";
import { LiveBars } from "./live-bars.tsx";
import { NamespaceSwitcher } from "./namespace-switcher.tsx";
import { Nav } from "./nav.tsx";
import { addNews, newsBetween, noNews, wordsOfNews } from "./news.ts";
import { namespacesOf, useScope } from "./scope.ts";
import styles from "./shell.module.css";
import { toggleNav } from "./theme.ts";
import { ThemeButton } from "./theme-button.tsx";
import { useOtherPages } from "./use-other-pages.ts";

const loadKeysHelp = patiently(async () => ({ default: (await import("./keys-help.tsx")).KeysHelp }));
const KeysHelp = lazy(loadKeysHelp);

/** How long the page's own work goes before what it may need later is loaded, in milliseconds. */
const laterPartsAfterMs = 1500;

/** What is around every page: navigation, scope, connection, theme, keys. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const arePopupsReady = useLaterParts();
  return (
    <CSPProvider disableStyleElements>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <div className={styles.app}>
        <nav className={styles.nav} aria-label="Main">
          <Addressed>
            <Nav onCollapse={toggleNav} />
          </Addressed>
        </nav>
        <header className={styles.top}>
          <Addressed>
            <Top />
          </Addressed>
        </header>
        <main id="main" className={styles.main} tabIndex={-1}>
          <LiveBars />
          <div className={styles.page}>{children}</div>
          <UploadsSlot />
        </main>
      </div>
      <Announcer />
      {arePopupsReady && (
        <Suspense fallback={null}>
          <Tips />
        </Suspense>
      )}
    </CSPProvider>
  );
}

function Top() {
  const [isHelpOpen, setHelpOpen] = useState(false);
  useSetsOfScope();
  useServerFacts();
  useOtherPages();
  useNews();
  useShortcut("?", "Keys", "Everywhere", () => setHelpOpen(true));
  useShortcut("[", "Collapse navigation", "Everywhere", toggleNav);
  useShortcut("p", "Pause or resume", "Everywhere", togglePause);
  useShortcut("y", "Copy link", "Everywhere", () => void copyText(window.location.href, "link"));
  return (
    <>
      <NavSheet />
      <NamespaceSwitcher />
      <Find />
      <span className={styles.spring} />
      <ConnectionIndicator />
      <ThemeButton />
      {isHelpOpen && (
        <Suspense fallback={null}>
          <KeysHelp onClose={() => setHelpOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

/** The navigation where the page is narrow. */
function NavSheet() {
  const [isOpen, setOpen] = useState(false);
  const path = usePathname();
  const openedOn = useRef(path);
  if (isOpen && openedOn.current !== path) setOpen(false);
  return (
    <>
      <IconButton
        icon={MenuIcon}
        label="Menu"
        size="normal"
        className={styles.menuButton}
        onClick={() => {
          openedOn.current = path;
          setOpen(true);
        }}
      />
      {isOpen && (
        <Suspense fallback={null}>
          <Dialog title="Navigation" shape="sheet" onClose={() => setOpen(false)}>
            <Nav />
          </Dialog>
        </Suspense>
      )}
    </>
  );
}

/** What the navigation tells of the chosen namespaces. */
function useSetsOfScope(): void {
  const { names } = useScope();
  useEffect(() => liveIngests.show(namespacesOf(names)), [names]);
  useEffect(() => watchTrouble(namespacesOf(names)), [names]);
}

/** Asked whenever the connection comes back: the server may be another one. */
function useServerFacts(): void {
  const isLive = useConnection().state === "live";
  useEffect(() => {
    if (isLive) void refreshServer();
  }, [isLive]);
}

function useNews(): void {
  const view = useStore(liveIngests);
  const before = useRef(view);
  const untold = useRef(noNews);
  useEffect(() => {
    const news = newsBetween(before.current, view);
    before.current = view;
    const sum = addNews(untold.current, news);
    untold.current = sum;
    const words = news.ended + news.troubled > 0 ? wordsOfNews(sum) : undefined;
    if (words !== undefined) announce(words, () => (untold.current = noNews));
  }, [view]);
}

/** @returns true once popups are there */
function useLaterParts(): boolean {
  const [areReady, setReady] = useState(false);
  useEffect(() => {
    const unlisten = listenForShortcuts();
    const timer = setTimeout(() => {
      preloadPopups();
      void loadKeysHelp();
      void loadPatterns();
      setReady(true);
    }, laterPartsAfterMs);
    return () => {
      unlisten();
      clearTimeout(timer);
    };
  }, []);
  return areReady;
}
