import { access } from "node:fs/promises";
import { join } from "node:path";
import { BenchError } from "../bench-error.ts";
import { startServer } from "../lists/server.ts";
import type { Measurement } from "../report.ts";
import { tell } from "../report.ts";
import { openLab } from "./lab.ts";
import { measureFind, measureJump, measurePattern, measureReach, measureSort } from "./lists.ts";
import { measureLoads, measureSizes } from "./loads.ts";
import { measureEvents, measureIngests, measureTabs } from "./streams.ts";
import { benchStore } from "./writers.ts";

/**
 * `bench page`: the dashboard in Chromium, on a slowed-down processor and line, over a server on a filled directory. It
 * begins ingests in the namespace `bench` and aborts them, and writes nothing else.
 *
 * @param only the name of a part, such as sizes or loads; absent: all of them
 * @param runs how often what a person waits for is measured
 */
export async function runPage(
  root: string,
  json: string | undefined,
  only: string | undefined,
  runs: number,
): Promise<void> {
  await access(join(root, "metadata.db")).catch((cause: unknown) => {
    throw new BenchError(`${root} holds no data: fill it first, npm run bench -- fill 1000000 --data ${root}`, {
      cause,
    });
  });
  if (!Number.isSafeInteger(runs) || runs < 1) throw new BenchError("--runs takes a number of runs, such as 10");
  await using server = await startServer(root);
  await using lab = await openLab(server.url);
  const store = benchStore(server.socket);
  const parts: Readonly<Record<string, () => Promise<readonly Measurement[]>>> = {
    sizes: () => measureSizes(),
    loads: () => measureLoads(lab, runs),
    sort: () => measureSort(lab, runs),
    jump: () => measureJump(lab, runs),
    pattern: () => measurePattern(lab),
    find: () => measureFind(lab, runs),
    reach: () => measureReach(lab),
    events: () => measureEvents(lab, store, Math.max(runs, 20)),
    ingests: () => measureIngests(lab, server.socket),
    tabs: () => measureTabs(lab),
  };
  const measurements: Measurement[] = [];
  for (const [part, measure] of Object.entries(parts)) {
    if (only !== undefined && part !== only) continue;
    measurements.push(...(await measured(part, measure)));
  }
  await tell({ command: `page ${root}`, measurements }, json);
}

/** A part that cannot be measured is one figure without values, so that the others are told all the same. */
async function measured(part: string, measure: () => Promise<readonly Measurement[]>): Promise<readonly Measurement[]> {
  try {
    const found = await measure();
    for (const { name, values } of found) process.stderr.write(`${name}: ${values.map(Math.round).join(" ")}\n`);
    return found;
  } catch (error) {
    const [why = ""] = messageOf(error).split("\n");
    process.stderr.write(`${part}: ${why}\n`);
    return [{ name: part, unit: "", values: [], note: `not measured: ${why}` }];
  }
}

/** What went wrong first, where the end of it went wrong too. */
function messageOf(error: unknown): string {
  if (error instanceof SuppressedError) return messageOf(error.suppressed);
  return error instanceof Error ? error.message : String(error);
}
