import type { StoreFacts } from "../../content/remote/stores.ts";
import type { ConnectionView } from "../_live/connection.ts";
import type { StoresView } from "../_live/stores.ts";
import { factsOf } from "../_live/stores.ts";

/** Why a store has nothing to show: the server has none of that name, or does not reach it, and maybe tries to. */
export type Absence =
  | { readonly kind: "unknown" }
  | { readonly kind: "connecting" | "unreachable"; readonly facts: StoreFacts };

/** One that may be there any moment is waited for so long, in milliseconds: its page stands meanwhile. */
const patienceMs = 1_000;

/**
 * Why a store has nothing to show.
 *
 * @param name empty: the default one
 * @param connection of the streams: a store that was heard has rows
 * @returns undefined where it has something, and while that is not known
 */
export function absenceOf(
  view: StoresView,
  name: string,
  { heardAt, lostMs }: Pick<ConnectionView, "heardAt" | "lostMs">,
): Absence | undefined {
  const facts = factsOf(view, name);
  if (facts === undefined) return view.toldAt === undefined || name === "" ? undefined : { kind: "unknown" };
  const { state, lastContact } = facts;
  if (state === "live" || heardAt !== undefined) return undefined;
  const mayCome = state === "connecting" || lastContact !== undefined;
  return mayCome && lostMs < patienceMs ? undefined : { kind: state, facts };
}
