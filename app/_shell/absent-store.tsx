"use client";
import { CircleDashed, RefreshCw, Unplug } from "lucide-react";
import Link from "next/link";
import { usePathname } from "next/navigation";
import { useEffect } from "react";
import { storePlaceHref } from "../_find/places.ts";
import { useStore } from "../_live/hooks.ts";
import { retryNow } from "../_live/link.ts";
import { refreshStores, storesStore } from "../_live/stores.ts";
import { askStoresMs, watchStores } from "../_live/watch-stores.ts";
import { Button } from "../_ui/button.tsx";
import { clause } from "../_ui/clause.ts";
import { Icon } from "../_ui/icon.tsx";
import { PageHead } from "../_ui/page-head.tsx";
import { QuayDrawing, State } from "../_ui/states.tsx";
import { Ago } from "../_ui/time.tsx";
import { visibleText } from "../_ui/visible-text.ts";
import type { Absence } from "./absence.ts";
import styles from "./absent-store.module.css";
import { StoreFactsLine, StoreSign } from "./store-facts.tsx";

interface AbsentStoreProps {
  /** As the address has it. */
  readonly name: string;
  readonly absence: Absence;
}

/** In the place of a page: why the store that the address names has nothing to show, and what can be done. */
export function AbsentStore({ name, absence }: AbsentStoreProps) {
  useEffect(() => watchStores(askStoresMs.awaited), []);
  if (absence.kind === "unknown") return <UnknownStore name={name} />;
  const { facts } = absence;
  const where = facts.target === "" ? facts.plugin : `${facts.plugin}, ${visibleText(facts.target)}`;
  if (absence.kind === "connecting") {
    return (
      <>
        <PageHead title={visibleText(facts.name)} name={facts.name} isQuiet />
        <State title={`Connecting to ${visibleText(facts.name)}`} drawing={<QuayDrawing />}>
          <Icon of={CircleDashed} size={14} /> It is read for the first time ({where}). Its rows come by themselves.
        </State>
      </>
    );
  }
  return (
    <>
      <PageHead title={visibleText(facts.name)} name={facts.name} isQuiet />
      <State title={`${visibleText(facts.name)} is unreachable`} drawing={<QuayDrawing />} acts={<TryAgain />}>
        <Icon of={Unplug} size={14} className="danger" /> {where}: {clause(facts.reason)}.{" "}
        {facts.lastContact ? (
          <>
            It last answered <Ago at={facts.lastContact} />.
          </>
        ) : (
          "Nothing of it was read yet."
        )}
      </State>
    </>
  );
}

/** Asks for the store once more. */
export function TryAgain() {
  return (
    <Button
      icon={RefreshCw}
      onClick={() => {
        void refreshStores();
        retryNow();
      }}
    >
      Try again
    </Button>
  );
}

function UnknownStore({ name }: { readonly name: string }) {
  const { stores } = useStore(storesStore);
  const place = { path: usePathname(), search: "" };
  return (
    <>
      <PageHead title="No such store" name="No such store" isQuiet />
      <State title={`There is no store named ${visibleText(name.slice(0, shownCharacters))}`}>
        The address names a store that this server does not have, or that you may not see. It has{" "}
        {stores.length === 0 ? "none." : "these:"}
      </State>
      <ul className={styles.stores} aria-label="Stores">
        {stores.map((facts) => (
          <li key={facts.name}>
            <Link href={storePlaceHref(place, facts.isDefault ? "" : facts.name)} prefetch={false}>
              <StoreSign facts={facts} />
              <span className={styles.name}>
                <b>{visibleText(facts.name)}</b> <span className="muted">{facts.plugin}</span>
              </span>
              <span className={styles.words}>
                <StoreFactsLine facts={facts} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Longer names are cut. */
const shownCharacters = 100;
