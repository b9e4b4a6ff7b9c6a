import type { StoreFacts } from "../../content/remote/stores.ts";
import { patiently } from "../_ui/popups/patiently.ts";
import type { Store } from "./store.ts";
import { createStore } from "./store.ts";

/** What the page knows of the stores of its server. */
export interface StoresView {
  /** The default one first; empty where the server does not tell, or did not yet. */
  readonly stores: readonly StoreFacts[];
  /** When the server told, by this machine's clock; absent: it did not yet. */
  readonly toldAt?: Date;
}

const none: StoresView = { stores: [] };
const store = createStore(none);

/** What the page knows of the stores of its server. */
export const storesStore: Store<StoresView> = store;

/** What is known of a store. @param name empty: the server's default one @returns undefined where the server tells of none such */
export function factsOf({ stores }: StoresView, name: string): StoreFacts | undefined {
  return stores.find((each) => (name === "" ? each.isDefault : each.name === name));
}

const load = patiently(() => import("./ask-server.ts"));

/** Ask the server how its stores are, which has it look at them too. What was known stays where it does not answer. */
export async function refreshStores(): Promise<void> {
  const { askStores } = await load();
  try {
    store.set({ stores: await askStores(), toldAt: new Date() });
  } catch {
    // The connection says by itself that it is lost.
  }
}
