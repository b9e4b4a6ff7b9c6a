import { expect, test } from "vitest";
import { localPeer } from "../../../server/policy/identify.ts";
import { networkOf } from "../../../server/policy/network-of.ts";

test.for([
  ["2001:db8:0:1:a:b:c:d", "2001:db8:0:1::/64"],
  ["2001:DB8::1:0:0:0:5", "2001:db8:0:1::/64"],
  ["2001:db8:0:1::", "2001:db8:0:1::/64"],
  ["2001:db8:0:2::", "2001:db8:0:2::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["64:ff9b::10.1.2.3", "64:ff9b:0:0::/64"],
  ["::ffff:10.1.2.3", "10.1.2.3"],
  ["10.1.2.3", "10.1.2.3"],
  [localPeer, localPeer],
  ["", ""],
] as const)("%s is of the network %s", ([address, network]) => {
  expect(networkOf(address)).toBe(network);
});
