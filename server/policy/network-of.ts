import { isIP } from "node:net";
import { plainAddress } from "./proxies.ts";

/** Groups of an IPv6 address, and of the part of it that names a network. */
const groups = { all: 8, network: 4 } as const;

/**
 * The network within which one client may choose its address: the first 64 bits of one of IPv6 (RFC 4291, 2.5.4); another address is
 * one by itself, and so is what is no address.
 */
export function networkOf(address: string): string {
  const plain = plainAddress(address);
  if (isIP(plain) !== 6) return plain;
  const [before = [], after = []] = plain.split("::").map(groupsOf);
  const zeros = Array.from({ length: groups.all - before.length - after.length }, () => "0");
  return `${[...before, ...zeros, ...after].slice(0, groups.network).join(":")}::/64`;
}

function groupsOf(text: string): readonly string[] {
  if (text === "") return [];
  // An IPv4 address at the end takes the place of two, none of which names the network.
  return text
    .split(":")
    .flatMap((group) => (group.includes(".") ? ["0", "0"] : Number.parseInt(group, 16).toString(16)));
}
