import { parseArgs } from "node:util";
import { StartError } from "../../server/start-error.ts";
import { BenchError } from "./bench-error.ts";
import { runData } from "./data/command.ts";
import { runFill } from "./fill/command.ts";
import { runLibrary } from "./library/command.ts";
import { runLists } from "./lists/command.ts";
import { runPage } from "./page/command.ts";
import { runPull } from "./pull/command.ts";
import { runUpload } from "./upload/command.ts";

const usage = `usage: npm run bench -- COMMAND [--data DIR]

  fill N [--data DIR] [--seed TEXT]  fill an empty data directory with N blobs (data)
  lists [--data DIR] [--json FILE]   measure lists, Info and memory of a server on such a directory
        [--only PART]                pages, streams, list or info alone
  page [--data DIR] [--json FILE]    measure the dashboard in Chromium on such a directory, slowed down
        [--only PART] [--runs N]     sizes, loads, sort, jump, pattern, find, reach, events,
                                     ingests or tabs alone; 10 runs of each
  pull [--json FILE] [--runs N]      measure pulls of a containerd that keeps its content here against its own
                                     store, from a registry on this machine; 10 of each
  upload [MIB] [--json FILE]         measure the upload of a file of 2 GiB by the page, and its memory, against curl
  library [--json FILE] [--runs N]   measure the client library in Node, and its reads in Chromium, against curl
  data [--json FILE]                 measure writes, reads and Info against a containerd, in the same run

It runs on this machine alone and reaches nothing outside it.`;

/** What is run by each name. */
const commands: Readonly<Record<string, (args: CommandArgs) => Promise<void>>> = {
  fill: ({ operands, data, seed }) => runFill(operands, data, seed),
  data: ({ json }) => runData(json),
  lists: ({ data, json, only }) => runLists(data, json, only),
  pull: ({ json, runs }) => runPull(json, Number(runs)),
  library: ({ json, runs }) => runLibrary(json, Number(runs)),
  upload: ({ operands, json }) => runUpload(operands, json),
  page: ({ data, json, only, runs }) => runPage(data, json, only, Number(runs)),
};

type CommandArgs = ReturnType<typeof readArgs>;

try {
  const args = readArgs();
  const command = commands[args.name];
  if (command === undefined) throw new BenchError(usage);
  await command(args);
} catch (error) {
  if (!(error instanceof BenchError || error instanceof StartError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
}

function readArgs() {
  try {
    const { values, positionals } = parseArgs({
      options: {
        data: { type: "string", default: "data" },
        seed: { type: "string", default: "stowage" },
        json: { type: "string" },
        only: { type: "string" },
        runs: { type: "string", default: "10" },
      },
      allowPositionals: true,
    });
    const [name = "", ...operands] = positionals;
    return { name, operands, ...values };
  } catch (cause) {
    throw new BenchError(`${cause instanceof Error ? cause.message : String(cause)}\n${usage}`, { cause });
  }
}
