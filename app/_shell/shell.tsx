"use client";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { Menu as MenuIcon } from "lucide-react";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { Suspense, useEffect, useRef, useState } from "react";
import { loginPath } from "../_access/login-path.ts";
import { Find } from "../_find/find.tsx";
import { hereStore } from "../_live/here.ts";
import { useStore } from "../_live/hooks.ts";
import { liveIngests } from "../_live/live.ts";
import { togglePause } from "../_live/pause.ts";
import { signedOutStore, signInsStore } from "../_live/signed-out.ts";
import { watchTrouble } from "../_live/trouble.ts";
import { loadPatterns } from "../_query/compiler.ts";
import { Announcer } from "../_ui/announcer.tsx";
import { IconButton } from "../_ui/button.tsx";
import { copyText } from "../_ui/copy-button.tsx";
import { Dialog, preloadPopups, Tips } from "../_ui/popups/index.ts";
import { listenForShortcuts, useShortcut } from "../_ui/shortcuts.ts";
import { UploadsSlot } from "../_upload/uploads-slot.tsx";
import { FromAddress } from "./addressed.tsx";
import { ConnectionIndicator } from "./connection-indicator.tsx";
import { KeysHelp, LiveBars, News, NewVersion, ServerPart } from "./later.ts";
import { NamespaceSwitcher } from "./namespace-switcher.tsx";
import { Nav } from "./nav.tsx";
import { namespacesOf, useScope } from "./scope.ts";
import styles from "./shell.module.css";
import { StoreSwitcher } from "./store-switcher.tsx";
import { toggleNav } from "./theme.ts";
import { ThemeButton } from "./theme-button.tsx";
import { useOtherPages } from "./use-other-pages.ts";

/** How long the page's own work goes before what it may need later is loaded, in milliseconds. */
const laterPartsAfterMs = 1500;

/** What is around every page: navigation, scope, connection, theme, keys. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const areLaterPartsReady = useLaterParts();
  const isAlone = usePathname() === loginPath;
  return (
    <CSPProvider disableStyleElements>
      {isAlone ? (
        <main id="main" className={styles.alone} tabIndex={-1}>
          {children}
        </main>
      ) : (
        <Around areLaterPartsReady={areLaterPartsReady}>{children}</Around>
      )}
      <Announcer />
      {areLaterPartsReady && (
        <Suspense fallback={null}>
          <Tips />
          <News />
        </Suspense>
      )}
    </CSPProvider>
  );
}

interface AroundProps {
  readonly areLaterPartsReady: boolean;
  readonly children: ReactNode;
}

/** What is around every page but Login, where nothing can be gone to yet. */
function Around({ areLaterPartsReady, children }: AroundProps) {
  const isSignedOut = useStore(signedOutStore);
  return (
    <>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <div className={styles.app}>
        <nav className={styles.nav} aria-label="Main">
          <FromAddress>
            <Nav onCollapse={toggleNav} />
          </FromAddress>
        </nav>
        <header className={styles.top}>
          <FromAddress>
            <Top areLaterPartsReady={areLaterPartsReady} />
          </FromAddress>
        </header>
        <main id="main" className={styles.main} tabIndex={-1}>
          <FromAddress>
            <LiveBars />
          </FromAddress>
          <div className={styles.page} data-old={isSignedOut || undefined}>
            {children}
          </div>
          <UploadsSlot />
        </main>
      </div>
    </>
  );
}

function Top({ areLaterPartsReady }: { readonly areLaterPartsReady: boolean }) {
  const [isHelpOpen, setHelpOpen] = useState(false);
  useSetsOfScope();
  useOtherPages();
  useShortcut("?", "Keys", "Everywhere", () => setHelpOpen(true));
  useShortcut("[", "Collapse navigation", "Everywhere", toggleNav);
  useShortcut("p", "Pause or resume", "Everywhere", togglePause);
  useShortcut("y", "Copy link", "Everywhere", () => void copyText(window.location.href, "link"));
  return (
    <>
      <NavSheet />
      <StoreSwitcher />
      <NamespaceSwitcher />
      <Find />
      <span className={styles.spring} />
      {areLaterPartsReady && (
        <Suspense fallback={null}>
          <NewVersion />
        </Suspense>
      )}
      <ConnectionIndicator />
      <ThemeButton className={styles.theme} />
      <Suspense fallback={null}>
        <ServerPart />
      </Suspense>
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

/** What the navigation tells of the chosen namespaces of the store. */
function useSetsOfScope(): void {
  const { names } = useScope();
  const store = useStore(hereStore);
  const signIns = useStore(signInsStore);
  // Another store has other ingests, and who signed in may see others.
  useEffect(() => liveIngests.show(namespacesOf(names)), [store, names, signIns]);
  // As above.
  useEffect(() => watchTrouble(namespacesOf(names)), [store, names, signIns]);
}

/** @returns true once it is time for them */
function useLaterParts(): boolean {
  const [areReady, setReady] = useState(false);
  useEffect(() => {
    const unlisten = listenForShortcuts();
    const timer = setTimeout(() => {
      preloadPopups();
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
