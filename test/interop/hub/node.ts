import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { MadeCertificate } from "../../support/certificate.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { keepsCompiled } from "../../support/compiled.ts";
import { startContainerd } from "../../support/containerd.ts";
import type { Ctr } from "../../support/ctr.ts";
import { createCtr } from "../../support/ctr.ts";
import type { Daemon } from "../../support/daemon.ts";
import { startDaemon } from "../../support/daemon.ts";
import type { Host } from "../../support/hosts.ts";
import { run } from "../../support/run.ts";
import { makeTempDir } from "../../support/temp-dir.ts";

const main = join(import.meta.dirname, "..", "..", "..", "server", "main.ts");

/** A machine with a containerd, and a Stowage that shows it over TLS to who has a token. */
export interface Node {
  readonly host: Host;
  /** Of its containerd. */
  readonly ctr: Ctr;
  readonly certificate: MadeCertificate;
  /** File with a token of an operator. */
  readonly tokenFile: string;
  /** Kill its Stowage. */
  kill(): Promise<void>;
  /** Start it again. */
  start(): Promise<void>;
}

const port = 3443;

/** Which all nodes show the same certificate for, as machines of a cluster do. */
const sharedName = "stowage-node";

/** Start a node for one test. */
export async function startNode(host: Host, name: string): Promise<Node> {
  const containerd = await startContainerd();
  onTestFinished(() => containerd[Symbol.asyncDispose]());
  const data = await makeTempDir();
  const certificate = await makeCertificate(data, name, `DNS:${sharedName}`);
  await writeFile(join(data, "config.toml"), nodeConfig(host, certificate, containerd.socket, data));
  const tokenFile = await createToken(data, "hub");
  const process = await startServer(host, data);
  return {
    host,
    ctr: createCtr(containerd.socket),
    certificate,
    tokenFile,
    kill: () => process.kill(),
    start: () => process.start(),
  };
}

function nodeConfig({ address }: Host, { cert, key }: MadeCertificate, containerd: string, data: string): string {
  return `
[[listen]]
address = "${address}:${port}"
tls = { cert = "${cert}", key = "${key}" }
[[listen]]
socket = "${data}/stowage.sock"
[auth.tokens]
[stores.containerd]
plugin = "containerd"
address = "unix:${containerd}"
allow_changes = true
`;
}

/** A token for the stores of a data directory, in a file. */
async function createToken(data: string, name: string): Promise<string> {
  const args = [main, "token", "create", name, "--role", "operator", "--data", data];
  const { status, stdout, stderr } = await run(process.execPath, args, { env: keepsCompiled });
  if (status !== 0) throw new Error(`token create: ${stderr}`);
  const file = join(data, "hub.token");
  await writeFile(file, stdout, { mode: 0o600 });
  return file;
}

/** A Stowage that others have as theirs is shown on a socket. */
export interface Hub {
  readonly socket: string;
}

/** Start a Stowage that has the containerds of some nodes as its stores, by their names. */
export async function startHub(host: Host, nodes: Readonly<Record<string, Node>>): Promise<Hub> {
  const containerd = await startContainerd();
  onTestFinished(() => containerd[Symbol.asyncDispose]());
  const data = await makeTempDir();
  const stores = Object.entries(nodes).map(([name, node]) => storeConfig(name, node));
  const own = `[stores.containerd]\nplugin = "containerd"\naddress = "unix:${containerd.socket}"\n`;
  const socket = join(data, "stowage.sock");
  await writeFile(join(data, "config.toml"), `[[listen]]\nsocket = "${socket}"\n${own}${stores.join("")}`);
  await startServer(host, data);
  return { socket };
}

function storeConfig(name: string, { host, certificate, tokenFile }: Node): string {
  return `
[stores.${name}]
plugin = "remote"
url = "https://${sharedName}:${port}"
dial = "${host.address}"
ca = "${certificate.cert}"
token_file = "${tokenFile}"
store = "containerd"
allow_changes = true
`;
}

/** A server on a host, until the end of the test. */
async function startServer(host: Host, data: string) {
  const [command = "", ...args] = [...host.enter, process.execPath, main, "--data", data];
  const start = async (): Promise<Daemon> => {
    const ready = (output: string) => (/^stowage ready /m.test(output) ? true : undefined);
    return (await startDaemon(command, args, ready, keepsCompiled)).daemon;
  };
  let daemon = await start();
  onTestFinished(() => daemon.kill("SIGKILL"));
  return {
    kill: () => daemon.kill("SIGKILL"),
    async start() {
      daemon = await start();
    },
  };
}
