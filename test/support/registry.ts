import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startDaemon } from "./daemon.ts";

/** A registry of a test's own, over plain HTTP on loopback. */
export interface Registry extends AsyncDisposable {
  /** What references of its images begin with, such as `127.0.0.1:40123`. */
  readonly address: string;
}

/** Start Debian's docker-registry, empty; disposing of it ends it and removes what it holds. */
export async function startRegistry(): Promise<Registry> {
  const root = await mkdtemp(join(tmpdir(), "registry-"));
  const file = join(root, "config.yml");
  await writeFile(file, config(root));
  try {
    const env = { OTEL_TRACES_EXPORTER: "none" };
    const started = await startDaemon("docker-registry", ["serve", file], listeningAt, env);
    return {
      address: started.ready,
      async [Symbol.asyncDispose]() {
        await started.daemon.kill("SIGKILL");
        await rm(root, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(root, { recursive: true, force: true });
    throw error;
  }
}

function listeningAt(output: string): string | undefined {
  return /msg="?listening on ([\d.]+:\d+)/.exec(output)?.[1];
}

function config(root: string): string {
  return `
version: 0.1
log:
  level: info
  accesslog:
    disabled: true
storage:
  filesystem:
    rootdirectory: ${root}/data
http:
  addr: 127.0.0.1:0
  secret: of-this-test
`;
}
