"use client";
import { useEffect } from "react";
import { Account } from "../_access/account.tsx";
import { WhenSignedOut } from "../_access/when-signed-out.tsx";
import { streamsStore } from "../_live/connection.ts";
import { hereStore } from "../_live/here.ts";
import { useConnection, useStore } from "../_live/hooks.ts";
import { onReconnected } from "../_live/link.ts";
import { refreshServer } from "../_live/server.ts";
import { refreshSession, sessionStore } from "../_live/session.ts";
import { signedOutStore, signInsStore } from "../_live/signed-out.ts";
import { factsOf, storesStore } from "../_live/stores.ts";
import { askStoresMs, watchStores } from "../_live/watch-stores.ts";
import { lockStore } from "../_ui/lock.ts";
import { locksOf } from "./access.ts";
import styles from "./shell.module.css";

/**
 * Finds out for every page what its server is, how its stores are and who is signed in, and again whenever the connection comes back.
 * Shows who that is, and asks who is there where nobody is.
 */
export function ServerPart() {
  const store = useStore(hereStore);
  const isLive = useConnection().state === "live";
  const signIns = useStore(signInsStore);
  // Another store has other namespaces, and who signed in may see others.
  useEffect(() => {
    if (isLive) void refreshServer();
  }, [isLive, store, signIns]);
  // It may come back so soon that the connection is called live all the time.
  useEffect(
    () =>
      onReconnected(() => {
        void refreshServer();
        void refreshSession();
      }),
    [],
  );
  const facts = factsOf(useStore(storesStore), store);
  // One of the server's own has no place of its own, and changes only by this server.
  const isOwn = facts === undefined || facts.target === "";
  const isLost = useStore(streamsStore).some(({ lostAt }) => lostAt !== undefined);
  // As above; a server that comes back may be another one, and what is lost may be the store's.
  useEffect(() => watchStores(isOwn ? askStoresMs.own : askStoresMs.others), [isOwn, isLost, signIns]);
  // A server that comes back may know somebody else.
  useEffect(() => void refreshSession(), [isLive]);
  const { answer } = useStore(sessionStore);
  const isSignedOut = useStore(signedOutStore);
  useEffect(() => lockStore.set(locksOf({ facts, answer, isSignedOut })), [facts, answer, isSignedOut]);
  return (
    <>
      <Account className={styles.switch} />
      <WhenSignedOut />
    </>
  );
}
