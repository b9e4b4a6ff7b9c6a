import type { Family, Sample } from "./family.ts";

/** How families are written: Prometheus' text format 0.0.4, or OpenMetrics 1.0. */
export type Format = "text" | "openmetrics";

/** The media type of each format, as answers name it. */
export const mediaTypes: Readonly<Record<Format, string>> = {
  text: "text/plain; version=0.0.4; charset=utf-8",
  openmetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8",
};

/** What the name of a sample ends with, where the sample says nothing of its own. */
const suffixes: Readonly<Partial<Record<Family["type"], string>>> = { counter: "_total", info: "_info" };

/** Write families, in their order. */
export function formatFamilies(families: readonly Family[], format: Format): string {
  const lines = families.flatMap((family) => linesOf(family, format));
  if (format === "openmetrics") lines.push("# EOF");
  return `${lines.join("\n")}\n`;
}

function linesOf(family: Family, format: Format): readonly string[] {
  const { name, type, help, samples } = family;
  const own = suffixes[type] ?? "";
  // The older format knows no info, and takes a counter by the name of its samples.
  const head = format === "text" ? `${name}${own}` : name;
  const told = format === "text" && type === "info" ? "gauge" : type;
  return [
    `# HELP ${head} ${help}`,
    `# TYPE ${head} ${told}`,
    ...samples.map((sample) => `${name}${sample.suffix ?? own}${labelsOf(sample)} ${numberOf(sample.value)}`),
  ];
}

function labelsOf({ labels = {} }: Sample): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", '"': '\\"', "\n": "\\n" };

function escaped(value: string): string {
  return value.replaceAll(/[\\"\n]/g, (character) => escapes[character] ?? character);
}

/** JavaScript writes numbers as both formats read them, but for what has no end. */
function numberOf(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  return value === Number.NEGATIVE_INFINITY ? "-Inf" : String(value);
}

/**
 * The format that a client likes best, by its `Accept` (RFC 9110, 12.5.1); the older one where it says nothing of either.
 *
 * @param accept absent: anything
 */
export function chooseFormat(accept: string | undefined): Format {
  const ranges = (accept ?? "").split(",").map(parseRange);
  const openMetrics = qualityOf(ranges, (range) => range.type === "application/openmetrics-text" && isKnown(range));
  const text = qualityOf(ranges, ({ type }) => type === "text/plain" || type === "text/*" || type === "*/*");
  return openMetrics > 0 && openMetrics >= text ? "openmetrics" : "text";
}

interface MediaRange {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

function parseRange(text: string): MediaRange {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase());
  const pairs = parameters.map((parameter): [string, string] => {
    const [name = "", value = ""] = parameter.split("=", 2);
    return [name.trim(), value.trim().replaceAll('"', "")];
  });
  return { type, parameters: new Map(pairs) };
}

/** Prometheus also asks for versions that are to come. */
function isKnown({ parameters }: MediaRange): boolean {
  const version = parameters.get("version");
  return version === undefined || version === "1.0.0" || version === "0.0.1";
}

function qualityOf(ranges: readonly MediaRange[], matches: (range: MediaRange) => boolean): number {
  const qualities = ranges.filter(matches).map(({ parameters }) => Number(parameters.get("q") ?? 1));
  return Math.max(0, ...qualities.filter((quality) => !Number.isNaN(quality)));
}
