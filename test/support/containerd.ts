import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDaemon } from "./daemon.ts";

/** A containerd of a test's own. */
export interface Containerd extends AsyncDisposable {
  /** Path of its socket. */
  readonly socket: string;
  /** Kill it, so that it takes leave of nobody. */
  kill(): Promise<void>;
  /** Start it again over what it had. */
  start(): Promise<void>;
}

/**
 * Plugins that a content store does not need, and that want more of a machine than a test has. A runtime, a monitor or a
 * snapshotter that is not there is no error.
 */
const disabledPlugins = [
  "io.containerd.grpc.v1.cri",
  "io.containerd.grpc.v1.tasks",
  "io.containerd.internal.v1.opt",
  "io.containerd.internal.v1.restart",
  "io.containerd.internal.v1.tracing",
  "io.containerd.monitor.v1.cgroups",
  "io.containerd.runtime.v1.linux",
  "io.containerd.runtime.v2.task",
  "io.containerd.service.v1.tasks-service",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.overlayfs",
  "io.containerd.snapshotter.v1.zfs",
];

/**
 * Start a private containerd in a temporary folder; disposing of it ends it and removes the folder.
 *
 * @param collects true: its collector runs when it is asked to, and after removals. Otherwise it is off: what `ctr content
 * ingest` writes would go with the first deletion
 * @param backend socket of the server that is its only content store; absent: it has its own
 */
export async function startContainerd(collects = false, backend?: string): Promise<Containerd> {
  const root = await mkdtemp(join(tmpdir(), "containerd-"));
  const file = join(root, "config.toml");
  const socket = join(root, "containerd.sock");
  await writeFile(file, config(root, socket, collects, backend));
  const start = () =>
    startDaemon("containerd", ["--config", file], (output) =>
      output.includes("containerd successfully booted") ? true : undefined,
    );
  try {
    let { daemon } = await start();
    return {
      socket,
      kill: () => daemon.kill("SIGKILL"),
      async start() {
        ({ daemon } = await start());
      },
      async [Symbol.asyncDispose]() {
        await daemon.kill("SIGTERM");
        await rm(root, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

function config(root: string, socket: string, collects: boolean, backend?: string): string {
  const disabled = [...disabledPlugins, ...(backend === undefined ? [] : ["io.containerd.content.v1.content"])];
  return `
version = 2
root = "${root}/root"
state = "${root}/state"
disabled_plugins = ${JSON.stringify(disabled)}
[grpc]
  address = "${socket}"
  uid = ${process.getuid?.() ?? 0}
  gid = ${process.getgid?.() ?? 0}
[ttrpc]
  address = "${root}/ttrpc.sock"
[plugins."io.containerd.gc.v1.scheduler"]
  startup_delay = "0s"
  deletion_threshold = ${collects ? 0 : 1_000_000}
  mutation_threshold = 0
${backend === undefined ? "" : proxyPlugin(backend)}`;
}

/** The content store of the server at that socket. Its own is disabled with it: of the two containerd would take any. */
function proxyPlugin(backend: string): string {
  return `[proxy_plugins.backend]
  type = "content"
  address = "${backend}"
`;
}
