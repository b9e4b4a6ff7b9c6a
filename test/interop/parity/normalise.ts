import type { Outcome } from "../../support/run.ts";

/** A duration as Go prints it: `1.5s`, `318.04ms`, `1m2s`. */
const goDuration = String.raw`(?:\d+h)?(?:\d+m)?[\d.]+(?:ns|µs|ms|s)`;

/** A time as Go prints it, with or without what its monotonic clock says. */
const goTime = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \+0000 UTC(?: m=\+[\d.]+)?`;

/** What two servers say differently although they behave the same, and what stands for it. */
const noise: readonly (readonly [RegExp, string])[] = [
  [/time="[^"]*"/g, "time=T"],
  // An age, and the tabs that follow a column whose width depends on it.
  [/Less than a second|\b\d+ seconds?\b|About a minute/g, "AGE"],
  [/\t+/g, "\t"],
  // containerd names a locked ref by the key of the store below: namespace, a number, ref.
  [
    new RegExp(String.raw`ref (?:\S+/\d+/)?(\S+) locked for ${goDuration} \(since ${goTime}\)`, "g"),
    "ref $1 locked for D (since T)",
  ],
];

/** A text without what differs from server to server and from run to run. */
export function normaliseText(text: string): string {
  return noise
    .reduce((rest, [pattern, replacement]) => rest.replaceAll(pattern, replacement), text)
    .replaceAll(/[^\s,=]+=[^\s,]*(?:,[^\s,=]+=[^\s,]*)+/g, (labels) => labels.split(",").toSorted().join(","));
}

/** What `ctr` printed, comparable: containerd tells labels and ingests in no order. */
export function normalise({ status, stdout, stderr }: Outcome, unordered = false): Outcome {
  const text = normaliseText(stdout);
  const [head = "", ...rows] = text.split("\n");
  return { status, stdout: unordered ? [head, ...rows.toSorted()].join("\n") : text, stderr: normaliseText(stderr) };
}
