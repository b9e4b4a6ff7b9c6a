"use client";
import type { ReactNode } from "react";
import { use, useEffect } from "react";
import { takeToken, trading } from "./one-time.ts";

/** What asks the server: it comes once the token in the address was traded, where there was one. */
export function OnceTraded({ children }: { readonly children: ReactNode }) {
  if (trading !== undefined) use(trading);
  useEffect(() => {
    // The router may have read the address before, and put it back.
    if (trading !== undefined) takeToken(window);
  }, []);
  return children;
}
