"use client";
import { RefreshCw } from "lucide-react";
import { useEffect } from "react";
import { useStore } from "../_live/hooks.ts";
import { isAtRest, newVersionOf, reloadFor, wasReloadedFor } from "../_live/new-version.ts";
import { serverStore } from "../_live/server.ts";
import { Button } from "../_ui/button.tsx";

/** Offers the page of a server that became another version; a page that nobody looks at or works in takes it by itself. */
export function NewVersion() {
  const version = newVersionOf(useStore(serverStore));
  useEffect(() => {
    if (version === undefined || wasReloadedFor(version)) return undefined;
    const reloadAtRest = () => isAtRest(document) && reloadFor(version);
    reloadAtRest();
    document.addEventListener("visibilitychange", reloadAtRest);
    return () => document.removeEventListener("visibilitychange", reloadAtRest);
  }, [version]);
  if (version === undefined || wasReloadedFor(version)) return null;
  return (
    <Button isSmall icon={RefreshCw} onClick={() => reloadFor(version)}>
      Reload for {version}
    </Button>
  );
}
