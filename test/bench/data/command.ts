import { startContainerd } from "../../support/containerd.ts";
import { launchStowage } from "../../support/stowage.ts";
import type { Measurement } from "../report.ts";
import { median, tell } from "../report.ts";
import type { Round } from "./load.ts";
import { buildLoad, runLoad } from "./load.ts";

/** Rounds of each server; the first of each warms up and is not counted. */
const rounds = 4;

/** How many times as fast as containerd a server on node:http2 is to be. */
const goals: Readonly<Record<string, number>> = {
  info: 0.75,
  "read in 32 KiB": 1.6,
  "read in 1 MiB": 1.7,
  "read as a stream": 1.8,
  write: 1.4,
  "write of 4 KiB": 4,
  list: 2,
};

/** `bench data`: the same load on this server and on a containerd, in turns, over unix sockets. */
export async function runData(json: string | undefined): Promise<void> {
  const program = await buildLoad();
  await using containerd = await startContainerd();
  await using stowage = await launchStowage();
  const [theirs, ours]: [Round[], Round[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    theirs.push(await runLoad(program, containerd.socket));
    ours.push(await runLoad(program, stowage.socket));
  }
  await tell({ command: "data", measurements: compare(theirs.slice(1), ours.slice(1)) }, json);
}

/** A ratio for each measurement, of each pair of rounds; what both did stands beside it. */
function compare(theirs: readonly Round[], ours: readonly Round[]): readonly Measurement[] {
  const names = ours[0]?.map(({ name, unit }) => ({ name, unit })) ?? [];
  return names.map(({ name, unit }) => {
    const [mine, other] = [valuesOf(ours, name), valuesOf(theirs, name)];
    const values = mine.map((value, round) => value / (other[round] ?? Number.NaN));
    const note = `${Math.round(median(mine))} against ${Math.round(median(other))} ${unit}`;
    const atLeast = goals[name];
    return { name, unit: "x containerd", values, note, ...(atLeast !== undefined && { atLeast }) };
  });
}

function valuesOf(rounds: readonly Round[], name: string): readonly number[] {
  return rounds.map((round) => round.find((found) => found.name === name)?.value ?? Number.NaN);
}
