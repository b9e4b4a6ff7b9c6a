import { join } from "node:path";
import { pino } from "pino";
import { readSettings } from "./config/settings.ts";
import { UsageError } from "./config/usage-error.ts";
import type { Command, Flags } from "./config.ts";
import { readCommand, usage } from "./config.ts";
import { builtinPlugins } from "./plugins/builtin.ts";
import { openServer, version } from "./server.ts";
import { StartError } from "./start-error.ts";

/** Where the build puts the pages. */
const dashboard = join(import.meta.dirname, "..", "out");

const stderr = 2;

try {
  await run(readCommand());
} catch (error) {
  if (!(error instanceof UsageError || error instanceof StartError)) throw error;
  process.stderr.write(`stowage: ${error.message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

async function run(command: Command): Promise<void> {
  switch (command.kind) {
    case "help":
      return print(usage);
    case "version":
      return print(version);
    case "serve":
      return serve(command.flags);
  }
}

async function serve(flags: Flags): Promise<void> {
  const settings = await readSettings(flags, builtinPlugins);
  const logger = pino({ name: "stowage" }, pino.destination({ fd: stderr, sync: true }));
  const server = await openServer({ ...settings, dashboard, logger });
  let stopped = false;
  const stop = (): void => {
    // Asked twice, it does not wait for calls.
    if (stopped) process.exit(1);
    stopped = true;
    void server.close().then(() => process.exit(0));
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
  print(`stowage ready ${server.urls.join(" ")}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
