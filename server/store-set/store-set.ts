import type { Transport } from "@connectrpc/connect";
import { ContentError } from "../../content/errors.ts";
import type { CallScope } from "../../content/remote/call.ts";
import type { Scope, Store } from "../../content/store.ts";
import type { Feed } from "../feed/feed.ts";
import type { Download } from "../listen/attachment.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { Namespaces, Totals } from "../metadata/set.ts";
import type { Service } from "../plugins/service.ts";

/** Whether a store answers. */
export interface StoreState {
  /** `connecting`: it was not reached yet; `unreachable`: it does not answer now, whether it ever did or not. */
  readonly state: "connecting" | "live" | "unreachable";
  /** Why it does not answer, in one line; absent where it does. */
  readonly reason?: string;
  /** When it last answered; absent: never, or it is this server's own. */
  readonly lastContactAt?: Date;
  /** How long it last took to answer, in milliseconds; absent where it is this server's own, or never did. */
  readonly latencyMs?: number;
  /** How often it is looked at while somebody watches, in milliseconds; absent: it tells of changes itself. */
  readonly everyMs?: number;
  /** What it says of its own version; absent: nothing. */
  readonly version?: string;
}

/** A store of a server elsewhere, and how that is called. Who calls is not known there: ask first whether they may. */
export interface StoreNode {
  readonly transport: Transport;
  /** Names the store there. */
  readonly scope: Pick<CallScope, "store">;
}

/** A store that calls can name. */
export interface ServedStore {
  /** What `stowage-store` and `store` say for it. */
  readonly name: string;
  /** Id of the plugin that it is. */
  readonly plugin: string;
  /** Where it is, for people; empty for one of this server's own. */
  readonly target: string;
  /** False: what would change it is refused, whoever asks. */
  readonly allowsChanges: boolean;
  /** Answer calls over it; absent: the services that the server opened for itself do. */
  readonly services?: readonly Service[];
  /** What files are made of; absent: `downloads` makes them. */
  readonly contents?: Pick<Metadata, "in" | "images" | "catalog" | "leases">;
  /** How what is asked of it is passed on; absent: it is not. */
  readonly node?: StoreNode;
  /** Answer requests for files, by their paths; absent: they are made of `contents`. */
  readonly downloads?: ReadonlyMap<string, Download>;
  /** What happens in it; absent: that is not told here. */
  readonly feed?: Feed;
  /** As Metadata.in. */
  in(scope: Scope): Store;
  /** Names, in order. @throws `unavailable` */
  namespaces(signal: AbortSignal): Promise<readonly string[]>;
  state(): StoreState;
  /**
   * Somebody looks at the store: what is only found out then is found out for a while.
   *
   * @param via what the question came over; absent: a client asks
   */
  look(via?: readonly string[]): void;
  /** What it holds in some namespaces; absent where that is not known. It waits for nothing that is elsewhere. */
  totals(namespaces: Namespaces): Totals | undefined;
}

/** The stores of a server. */
export interface StoreSet {
  /** The default one first, then in the order of names, numbers in them counted: `node-2` before `node-10`. */
  readonly all: readonly ServedStore[];
  /** The one that calls are about which name none. */
  readonly default: ServedStore;
  /** @param name empty or absent: the default one @throws `not-found` */
  find(name?: string): ServedStore;
}

/** The same on every machine, whatever its locale. */
const order = new Intl.Collator("en", { numeric: true });

/** @param all the default one first */
export function createStoreSet([first, ...others]: readonly [ServedStore, ...ServedStore[]]): StoreSet {
  const all = [first, ...others.toSorted((a, b) => order.compare(a.name, b.name))];
  return {
    all,
    default: first,
    find(name = "") {
      const found = name === "" ? first : all.find((store) => store.name === name);
      if (found === undefined) throw new ContentError("not-found", `store ${JSON.stringify(name)}`);
      return found;
    },
  };
}
