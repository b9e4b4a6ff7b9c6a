import { writeFile } from "node:fs/promises";
import { availableParallelism, loadavg, totalmem } from "node:os";

/** One figure, measured some times. */
export interface Measurement {
  readonly name: string;
  /** Such as `ms`, `MiB`, `calls/s`. */
  readonly unit: string;
  /** As they were measured, the first one first; none where it could not be. */
  readonly values: readonly number[];
  /** What it should not be above; absent: nothing is promised. */
  readonly atMost?: number;
  /** What it should not be below; absent: nothing is promised. */
  readonly atLeast?: number;
  /** The promise holds for the value below which that share of them is, 0 to 1; absent: for the median. */
  readonly share?: number;
  /** Why there is no value, or what the values are of. */
  readonly note?: string;
}

/** What a run of the bench found out. */
export interface Report {
  readonly command: string;
  readonly measurements: readonly Measurement[];
}

/** The middle one of some values; NaN of none. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** The value below which that share of the values is. @param share 0 to 1 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** False where a promise was missed; a figure without one, or without values, misses none. */
export function isKept({ values, atMost = Number.POSITIVE_INFINITY, atLeast = 0, share }: Measurement): boolean {
  if (values.length === 0) return true;
  const judged = share === undefined ? median(values) : quantile(values, share);
  return judged <= atMost && judged >= atLeast;
}

/** A table for people, and what of it misses its goal. */
export function tableOf(measurements: readonly Measurement[]): string {
  const head = ["", "first", "median", "worst", "unit", "goal", ""];
  const rows = measurements.map((measurement) => {
    const { name, values, unit, atMost, atLeast, share, note = "" } = measurement;
    const goal = atMost !== undefined ? `<= ${atMost}` : atLeast !== undefined ? `>= ${atLeast}` : "";
    const worst = atLeast === undefined ? Math.max(...values) : Math.min(...values);
    const figures = values.length === 0 ? ["", "", ""] : [values[0] ?? 0, median(values), worst].map(figure);
    const judged = share === undefined ? "" : `p${share * 100} ${figure(quantile(values, share))}`;
    return [
      name,
      ...figures,
      unit,
      goal,
      [isKept(measurement) ? "" : "MISSED", judged, note].filter(Boolean).join("; "),
    ];
  });
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string[] =>
    row.map((cell, column) =>
      column > 0 && column < 4 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
  return [head, ...rows].map((row) => line(row).join("  ").trimEnd()).join("\n");
}

/** Three digits that count. */
function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** Print the table, and write it as JSON where a file is named. */
export async function tell(report: Report, json: string | undefined): Promise<void> {
  process.stdout.write(`${tableOf(report.measurements)}\n`);
  if (json === undefined) return;
  const [load] = loadavg();
  const machine = { cpus: availableParallelism(), memoryBytes: totalmem(), loadavg: load, node: process.version };
  const measurements = report.measurements.map((each) => ({ ...each, isKept: isKept(each) }));
  await writeFile(
    json,
    `${JSON.stringify({ ...report, measurements, at: new Date().toISOString(), machine }, undefined, 2)}\n`,
  );
}
