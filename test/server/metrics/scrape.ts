import type { RequestOptions } from "node:http";
import { expect } from "vitest";
import { ask } from "../listen/serve.ts";

/** A series with its number. */
export interface Scraped {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An answer of `/metrics` in the text format. */
export interface Scrape {
  readonly series: readonly Scraped[];
  /** Type and help of each family, by its name. */
  readonly families: ReadonlyMap<string, { readonly type: string; readonly help: string }>;
  /** The number of the one series of that name and of those labels, maybe among others; NaN: there is none. */
  value(name: string, labels?: Readonly<Record<string, string>>): number;
}

/** Ask a server for its numbers. @param options how; absent: plainly */
export async function scrape(url: string, options: RequestOptions = {}): Promise<Scrape> {
  const { status, text } = await ask(`${url}/metrics`, options);
  expect(status, text).toBe(200);
  const series = text
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(parseLine);
  const helps = [...text.matchAll(/^# HELP (\S+) (.+)\n# TYPE \S+ (\w+)$/gm)];
  return {
    series,
    families: new Map(helps.map(([, name = "", help = "", type = ""]) => [name, { type, help }])),
    value(name, labels = {}) {
      const found = series.filter(
        (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
      );
      expect(found.length, `${name} ${JSON.stringify(labels)}`).toBeLessThanOrEqual(1);
      return found[0]?.value ?? Number.NaN;
    },
  };
}

function parseLine(line: string): Scraped {
  const groups = /^(?<name>[a-z_]+)(?:\{(?<labels>.*)\})? (?<value>\S+)$/.exec(line)?.groups;
  if (groups === undefined) throw new Error(`no series: ${line}`);
  const labels = [...(groups["labels"] ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  return {
    name: groups["name"] ?? "",
    labels: Object.fromEntries(labels.map(([, name, value]) => [name, value])),
    value: Number(groups["value"]?.replace("+Inf", "Infinity")),
  };
}
