import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDaemon } from "./daemon.ts";

/** A containerd of a test's own. */
export interface Containerd extends AsyncDisposable {
  /** Path of its socket. */
  readonly socket: string;
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

/** Start a private containerd in a temporary folder; disposing of it ends it and removes the folder. */
export async function startContainerd(): Promise<Containerd> {
  const root = await mkdtemp(join(tmpdir(), "containerd-"));
  const file = join(root, "config.toml");
  const socket = join(root, "containerd.sock");
  await writeFile(file, config(root, socket));
  try {
    const { daemon } = await startDaemon("containerd", ["--config", file], (output) =>
      output.includes("containerd successfully booted") ? true : undefined,
    );
    return {
      socket,
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

/** Its collector is off: what `ctr content ingest` writes would go with the first deletion. */
function config(root: string, socket: string): string {
  return `
version = 2
root = "${root}/root"
state = "${root}/state"
disabled_plugins = ${JSON.stringify(disabledPlugins)}
[grpc]
  address = "${socket}"
  uid = ${process.getuid?.() ?? 0}
  gid = ${process.getgid?.() ?? 0}
[ttrpc]
  address = "${root}/ttrpc.sock"
[plugins."io.containerd.gc.v1.scheduler"]
  startup_delay = "0s"
  deletion_threshold = 1000000
  mutation_threshold = 0
`;
}
