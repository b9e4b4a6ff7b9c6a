"use client";
import { parseAsString, parseAsStringLiteral, useQueryState } from "nuqs";
import { useCallback, useMemo } from "react";
import type { ComparedKind, ComparedSide } from "../../content/compare/report.ts";
import { useStore } from "../_live/hooks.ts";
import { factsOf, storesStore } from "../_live/stores.ts";
import { useScope } from "../_shell/scope.ts";
import type { SortKey } from "../_ui/list/column.ts";
import { nextSort, sortFromText, sortToText } from "../_ui/list/column.ts";
import { shownKinds } from "./kinds.tsx";
import type { SideName } from "./sides.ts";
import { sideFromText, sideToText } from "./sides.ts";

/** What of a report the rows are of; the last is of images. */
export const shownParts = ["only-a", "both", "only-b", "other-digest"] as const;

export type ShownPart = (typeof shownParts)[number];

const named = parseAsString.withDefault("").withOptions({ history: "push" });
const partParam = parseAsStringLiteral(shownParts).withDefault("only-a").withOptions({ history: "push" });
const kindParam = parseAsStringLiteral(shownKinds).withOptions({ history: "push" });
const sortParam = parseAsString.withDefault("").withOptions({ history: "push" });

const sortable = ["digest", "size"];
const largestFirst: readonly SortKey[] = [{ id: "size", isDescending: true }];

/**
 * The address parameters `a`, `b`, `part`, `kind` and `sort`: both sides, and what is shown of what they have. Where neither side is named, A is
 * what the page that people come from was about.
 */
export function useSides() {
  const [asked, setA] = useQueryState("a", named);
  const [b, setB] = useQueryState("b", named);
  const here = useHere();
  const a = asked === "" && b === "" ? here : asked;
  const [part, setPart] = useQueryState("part", partParam);
  const [kind, setKind] = useQueryState("kind", kindParam);
  const [sortText, setSort] = useQueryState("sort", sortParam);
  const sides = useMemo(() => ({ a: sideFromText(a), b: sideFromText(b) }), [a, b]);
  const sort = useMemo(() => {
    const [first] = sortFromText(sortText, sortable);
    return first === undefined ? largestFirst : [first];
  }, [sortText]);

  const choose = useCallback(
    (name: SideName, side: ComparedSide) => {
      void (name === "a" ? setA : setB)(sideToText(side));
      // With a side of its own the address names both, so that it is the report.
      if (name === "b" && a !== "") void setA(a);
    },
    [a, setA, setB],
  );
  const swap = useCallback(() => {
    void setA(b === "" ? null : b);
    void setB(a === "" ? null : a);
    void setPart((shown) => swapped[shown]);
  }, [a, b, setA, setB, setPart]);
  const show = useCallback(
    (shown: ShownPart) => {
      void setPart(shown);
      // Another part may have none of it.
      void setKind(null);
    },
    [setPart, setKind],
  );
  const showKind = useCallback((shown: ComparedKind | undefined) => void setKind(shown ?? null), [setKind]);
  const onSort = useCallback(
    (id: string) => void setSort(sortToText(nextSort(sort, id, id === "size", false))),
    [sort, setSort],
  );
  return { sides, part, kind: kind ?? undefined, sort, choose, swap, show, showKind, onSort };
}

/** The store and the namespaces that the address is about, as a side; empty while that is not known, and where they are all that there is. */
function useHere(): string {
  const { store, names } = useScope();
  const view = useStore(storesStore);
  const facts = factsOf(view, store);
  if (facts === undefined || (view.stores.length === 1 && names.length === 0)) return "";
  return sideToText({ store: facts.name, namespaces: names });
}

/** The same part, seen from the other side. */
const swapped: Readonly<Record<ShownPart, ShownPart>> = {
  "only-a": "only-b",
  both: "both",
  "only-b": "only-a",
  "other-digest": "other-digest",
};
