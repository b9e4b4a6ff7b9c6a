import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { run } from "./run.ts";

/** A machine of its own, as far as its network goes; files and processes are this one's. */
export interface Host {
  /** Its address in the network of all hosts. */
  readonly address: string;
  /** Stands before a command that is to run there. */
  readonly enter: readonly string[];
  /** Take it from the network, or give it back; its own processes go on. */
  setLink(isUp: boolean): Promise<void>;
}

/** The network of a test; nobody else has it. */
const prefix = "10.213.77";

/**
 * Hosts in network namespaces, on one switch, each with an address of its own; they are gone with the test. It takes root.
 *
 * @param count of hosts, 200 at most
 */
export async function makeHosts(count: number): Promise<readonly Host[]> {
  const id = randomBytes(3).toString("hex");
  const switchName = `sw${id}`;
  await netns("add", switchName);
  const inSwitch = async (...args: readonly string[]) => await ip("-n", switchName, ...args);
  await inSwitch("link", "add", "br0", "type", "bridge");
  await inSwitch("link", "set", "br0", "up");
  const hosts: Host[] = [];
  for (let at = 1; at <= count; at += 1) {
    const name = `h${id}-${at}`;
    const port = `p${at}`;
    const address = `${prefix}.${at}`;
    await netns("add", name);
    await inSwitch("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", name);
    await inSwitch("link", "set", port, "master", "br0", "up");
    await ip("-n", name, "address", "add", `${address}/24`, "dev", "eth0");
    for (const link of ["lo", "eth0"]) await ip("-n", name, "link", "set", link, "up");
    hosts.push({
      address,
      enter: ["ip", "netns", "exec", name],
      setLink: (isUp) => inSwitch("link", "set", port, isUp ? "up" : "down"),
    });
  }
  return hosts;
}

/** Make a network namespace for the test. */
async function netns(action: "add", name: string): Promise<void> {
  await ip("netns", action, name);
  onTestFinished(() => ip("netns", "delete", name));
}

async function ip(...args: readonly string[]): Promise<void> {
  const { status, stderr } = await run("ip", args);
  if (status !== 0) throw new Error(`ip ${args.join(" ")}: ${stderr}`);
}
