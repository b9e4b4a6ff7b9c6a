"use client";
import type { ReactNode } from "react";
import { Suspense, useLayoutEffect, useState } from "react";
import { moveTo, storeHere } from "../_live/here.ts";
import { useStore } from "../_live/hooks.ts";
import { signInsStore } from "../_live/signed-out.ts";
import { AbsentStore } from "./later.ts";
import { useStoreName } from "./scope.ts";
import { useAbsence } from "./use-absence.ts";

/**
 * A page of the store that the address names. With another store it is another page, which knows nothing of this one: no row, choice
 * or question of one store outlives it. A store that has nothing to show yet stands in its page's place.
 */
export function OfStore({ children }: { readonly children: ReactNode }) {
  const store = useStoreName();
  const [shown, show] = useState(storeHere);
  const signIns = useStore(signInsStore);
  const absence = useAbsence(store);
  useLayoutEffect(() => {
    moveTo(store);
    show(store);
  }, [store]);
  if (shown !== store) return null;
  if (absence === undefined) return <Keyed key={`${store} ${signIns}`}>{children}</Keyed>;
  return (
    <Suspense fallback={null}>
      <AbsentStore name={store} absence={absence} />
    </Suspense>
  );
}

function Keyed({ children }: { readonly children: ReactNode }) {
  return children;
}
