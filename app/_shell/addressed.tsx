"use client";
import { unstable_createAdapterProvider as createAdapterProvider } from "nuqs/adapters/custom";
import type { ReactNode } from "react";
import { Suspense } from "react";
import { OnceTraded } from "../_access/once-traded.tsx";
import { OfStore } from "./of-store.tsx";

/** Every page is built once, for all addresses: what its query says is known in the browser alone. */
const noParams = new URLSearchParams();

const WithoutAddress = createAdapterProvider(() => ({ searchParams: noParams, updateUrl() {} }));

/** A page: it depends on the query of the address, and is about the store that this names. */
export function Addressed({ children }: { readonly children: ReactNode }) {
  return (
    <FromAddress>
      <OfStore>{children}</OfStore>
    </FromAddress>
  );
}

/**
 * What depends on the query of the address. The HTML holds it as it is without one, so that a page can be seen before its
 * scripts came; the browser draws it anew with what its address says, and nothing while it waits for what that needs.
 */
export function FromAddress({ children }: { readonly children: ReactNode }) {
  const isBuilt = typeof window === "undefined";
  return (
    <Suspense fallback={isBuilt && <WithoutAddress>{children}</WithoutAddress>}>
      <OnceTraded>{children}</OnceTraded>
    </Suspense>
  );
}
