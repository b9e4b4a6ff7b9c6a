"use client";
import { unstable_createAdapterProvider as createAdapterProvider } from "nuqs/adapters/custom";
import type { ReactNode } from "react";
import { Suspense } from "react";

/** Every page is built once, for all addresses: what its query says is known in the browser alone. */
const noParams = new URLSearchParams();

const WithoutAddress = createAdapterProvider(() => ({ searchParams: noParams, updateUrl() {} }));

/**
 * What depends on the query of the address. The HTML holds it as it is without one, so that a page can be seen before its
 * scripts came; the browser draws it anew with what its address says, and nothing while it waits for what that needs.
 */
export function Addressed({ children }: { readonly children: ReactNode }) {
  const isBuilt = typeof window === "undefined";
  return <Suspense fallback={isBuilt && <WithoutAddress>{children}</WithoutAddress>}>{children}</Suspense>;
}
