import type { Outcome } from "../../support/run.ts";
import { normalise } from "../parity/normalise.ts";

/** Turns that switch the colours of a terminal. */
const colours = /\u001b\[\d+m/g;

/** A row of the progress that ctr shows ten times a second: what it is about, and how that stands. */
const progress = /^(\S*): +(waiting|resolving|resolved|downloading|uploading|committing|exists|done) +\|/;

/** How a row stands once nothing more comes. */
const ended: Readonly<Record<string, string>> = { exists: "is there", done: "is there", resolved: "resolved" };

/** What is new each time, and what stands for it. */
const noise: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME"],
  // A lease's made up id, and an archive's name of its day.
  [/^(?:\d+-[\w-]{4,}|[0-9a-f]{16})$/gm, "ID"],
  [/import-\d{4}-\d\d-\d\d/g, "import-DAY"],
  [/ {2,}/g, " "],
];

/**
 * What `ctr` printed, without what depends on when it looked: of its progress stays what came to be there. A blob `exists` where
 * it came before the first look.
 *
 * @param own what stands for what is this server's own
 */
export function comparable(outcome: Outcome, own: Readonly<Record<string, string>>): Outcome {
  const replaced = (text: string): string => {
    const marked = Object.entries(own).reduce((rest, [value, mark]) => rest.replaceAll(value, mark), text);
    return noise.reduce((rest, [pattern, mark]) => rest.replaceAll(pattern, mark), marked);
  };
  // What a push that fails comes to before it ends is a matter of time.
  const stdout = withoutProgress(outcome.stdout.replaceAll(colours, ""), outcome.status !== 0);
  const { status, ...texts } = normalise({ ...outcome, stdout });
  return { status, stdout: replaced(texts.stdout), stderr: errorsOf(replaced(texts.stderr)) };
}

/** Which of several blobs is refused first is a matter of time. */
const blob = /(blobs\/|layer-|config-)sha256:[0-9a-f]{64}/g;

/** What it complained of, in any order. */
function errorsOf(text: string): string {
  const lines = text.replaceAll(blob, "$1DIGEST").split("\n");
  // Its progress is cut off once all is done, at any question.
  const told = lines.filter((line) => !line.includes("level=error") || !line.includes('error="context canceled"'));
  return told.toSorted().join("\n");
}

/** Rows of progress once each, in the order of what they are about, before the rest. @param none true: without those rows */
function withoutProgress(text: string, none: boolean): string {
  const rows = new Set<string>();
  const rest: string[] = [];
  for (const line of text.split("\n")) {
    const row = progress.exec(line);
    const end = ended[row?.[2] ?? ""];
    if (end !== undefined && !none) rows.add(`${row?.[1]} ${end}`);
    else if (row === null && !/^(elapsed: |unpacking )/.test(line)) rest.push(line);
  }
  return [...[...rows].toSorted(), ...rest].join("\n");
}
