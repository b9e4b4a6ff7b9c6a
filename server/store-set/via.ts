import { ContentError } from "../../content/errors.ts";

/**
 * Header of what a server asks another one for, in the place of its clients: ids of the stores elsewhere that it came over, first to last.
 * Servers that show each other's stores would pass a request on without end.
 */
export const viaHeader = "stowage-via";

/** Servers that a request may be passed on over. */
const maxHops = 8;

/** What a request came over; empty: it came from a client. */
export function viaOf(headers: Pick<Headers, "get">): readonly string[] {
  const text = headers.get(viaHeader) ?? "";
  return text === "" ? [] : text.split(",").map((id) => id.trim());
}

/** The header of a request that goes on over one more store. @param via what it came over */
export function onOver(via: readonly string[], id: string): Readonly<Record<string, string>> {
  return { [viaHeader]: [...via, id].join(", ") };
}

/** @param name of the store with that id, for errors @throws `failed-precondition` for what came over it before, or over too many */
export function refuseCircle(via: readonly string[], id: string, name: string): void {
  if (via.includes(id)) {
    const text = `store ${name} leads back to itself over other servers; have it show another store of its node`;
    throw new ContentError("failed-precondition", text);
  }
  if (via.length >= maxHops) {
    throw new ContentError("failed-precondition", `store ${name} is asked over more than ${maxHops} servers`);
  }
}
