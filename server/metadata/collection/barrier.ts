import type { GcNode } from "../../../content/gc-labels.ts";
import type { Unnumbered } from "../../feed/change.ts";
import type { Connection } from "../database/connection.ts";
import { followReferences } from "../references.ts";

/**
 * What became of use while a collection is under way in a namespace, so that the collection leaves it alone: what was stored,
 * labelled, named or leased since its mark began, and all that this leads to. Everything is asked in the turn of the event
 * loop in which it counts; between two runs nothing is remembered.
 */
export interface Barrier {
  /** A mark is about to begin in that namespace. */
  begin(namespace: string): void;
  /** The collection is over. */
  end(): void;
  /** Changes that others made since then. */
  readonly changes: number;
  /** A change is being made. */
  observe(change: Unnumbered): void;
  /** A client was told that it may count on that thing. */
  touch(namespace: string, node: GcNode): void;
  /**
   * Find out what the touched things lead to.
   *
   * @param limit things to look at, at most
   * @returns false where some are left
   */
  settle(connection: Connection, limit: number): boolean;
  /** True where that thing must stay. It counts only after a settle that left nothing, in the same turn. */
  holds(node: GcNode): boolean;
}

/** Nothing is under way. */
export function createBarrier(): Barrier {
  let current: string | undefined;
  let changes = 0;
  /** What is to be followed again, also where it is held: it may lead to more than before. */
  let touched: GcNode[] = [];
  let reached: GcNode[] = [];
  const held = new Set<string>();

  function touch(namespace: string, node: GcNode): void {
    if (namespace === current) touched.push(node);
  }

  return {
    touch,
    get changes() {
      return changes;
    },
    begin(namespace) {
      current = namespace;
      changes = 0;
    },
    end() {
      current = undefined;
      touched = [];
      reached = [];
      held.clear();
    },
    observe(change) {
      if (!("collected" in change)) changes += 1;
      if (change.namespace !== current) return;
      if (change.kind === "blob" && change.after) touch(current, { kind: "content", key: change.digest });
      if (change.kind === "image" && change.after) touch(current, { kind: "image", key: change.name });
      if (change.kind !== "lease" || change.added === undefined) return;
      const { type, id } = change.added;
      if (type === "content") touch(current, { kind: "content", key: id });
      if (type === "images") touch(current, { kind: "image", key: id });
    },
    settle(connection, limit) {
      for (let looked = 0; looked < limit; looked += 1) {
        const again = touched.pop();
        const node = again ?? reached.pop();
        if (node === undefined || current === undefined) return true;
        if (again === undefined && held.has(nameOf(node))) continue;
        held.add(nameOf(node));
        reached.push(...followReferences(connection, current, node));
      }
      return touched.length + reached.length === 0;
    },
    holds: (node) => held.has(nameOf(node)),
  };
}

function nameOf({ kind, key }: GcNode): string {
  return `${kind} ${key}`;
}
