import { join } from "node:path";
import { pino } from "pino";
import { runTokenCommand } from "./access/run-command.ts";
import { readSettings, readTokenPlace } from "./config/settings.ts";
import type { TokenCommand } from "./config/token-command.ts";
import { tokenUsage } from "./config/token-command.ts";
import { UsageError } from "./config/usage-error.ts";
import type { Command, Flags } from "./config.ts";
import { readCommand, usage } from "./config.ts";
import { builtinPlugins } from "./plugins/builtin.ts";
import type { RunningServer } from "./server.ts";
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
    case "token":
      return changeTokens(command.command);
  }
}

async function changeTokens(command: TokenCommand): Promise<void> {
  if (command.kind === "help") return print(tokenUsage);
  const { lines, notes } = await runTokenCommand(command, await readTokenPlace(command));
  process.stdout.on("error", ignoreClosedPipe);
  for (const line of lines) print(line);
  for (const note of notes) process.stderr.write(`${note}\n`);
}

/** Who takes the first line and no more, as `head -1` does, closes the pipe before the others. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
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
  print(`stowage ready ${readyUrls(server).join(" ")}`);
}

/** Where the server answers. Where somebody can sign in once, the first URL of a browser does that. */
function readyUrls({ urls, fragment = "" }: RunningServer): readonly string[] {
  const first = urls.findIndex((url) => url.startsWith("http"));
  return urls.map((url, at) => (at === first ? url + fragment : url));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
