import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { CallMeter } from "../policy/call-meter.ts";
import { codesOfTheServer } from "../policy/running-calls.ts";
import type { Family, Sample } from "./family.ts";
import { counter } from "./family.ts";
import type { Histogram } from "./histogram.ts";
import { createHistogram } from "./histogram.ts";

/** Upper ends of the durations that are told apart, in seconds: from a cached lookup to an upload. */
const boundsSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What every method that is not served is counted as, whatever its name. */
const unknownLabels = { service: "unknown", method: "unknown" } as const;

/** The calls of one method. */
interface MethodCalls {
  readonly labels: { readonly service: string; readonly method: string };
  /** By how they ended, in the words of the log. */
  readonly ended: Map<string, number>;
  readonly durations: Histogram;
  underWay: number;
}

/** Counts calls; there are as many numbers as methods that were called, and codes. */
export interface CallCounts extends CallMeter {
  families(): readonly Family[];
}

/** No call was made yet. */
export function createCallCounts(): CallCounts {
  const methods = new Map<DescMethod, MethodCalls>();
  /** Each is there from the start: of a number that is told first as 1 nobody sees that it grew. */
  const faults = new Map(codesOfTheServer.map((code) => [code, 0]));
  let unknown = 0;

  function callsOf(method: DescMethod): MethodCalls {
    const known = methods.get(method);
    if (known !== undefined) return known;
    const calls: MethodCalls = {
      labels: { service: method.parent.typeName, method: method.name },
      ended: new Map(),
      durations: createHistogram(boundsSeconds),
      underWay: 0,
    };
    methods.set(method, calls);
    return calls;
  }

  return {
    begin(method) {
      callsOf(method).underWay += 1;
    },
    end(method, code, ms) {
      const calls = callsOf(method);
      const name = code === undefined ? "ok" : (Code[code] ?? "Unknown");
      calls.underWay -= 1;
      calls.ended.set(name, (calls.ended.get(name) ?? 0) + 1);
      calls.durations.add(ms / 1000);
      const before = code && faults.get(code);
      if (code !== undefined && before !== undefined) faults.set(code, before + 1);
    },
    unknown() {
      unknown += 1;
    },
    families: () => [...familiesOf([...methods.values()], unknown), faultsOf(faults)],
  };
}

function familiesOf(methods: readonly MethodCalls[], unknown: number): readonly Family[] {
  const refused: Sample = { labels: { ...unknownLabels, code: "Unimplemented" }, value: unknown };
  const ended = methods.flatMap(({ labels, ended: byCode }) =>
    [...byCode].map(([code, value]): Sample => ({ labels: { ...labels, code }, value })),
  );
  return [
    {
      name: "stowage_calls",
      type: "counter",
      help: "Calls that are over, by how they ended; methods that are not served are one.",
      samples: unknown > 0 ? [...ended, refused] : ended,
    },
    {
      name: "stowage_call_duration_seconds",
      type: "histogram",
      help: "How long calls took; a stream takes as long as it is followed.",
      samples: methods.flatMap(({ labels, durations }) => durations.samples(labels)),
    },
    {
      name: "stowage_calls_under_way",
      type: "gauge",
      help: "Calls that are not over yet, streams among them.",
      samples: methods.map(({ labels, underWay }) => ({ labels, value: underWay })),
    },
  ];
}

function faultsOf(faults: ReadonlyMap<Code, number>): Family {
  return counter(
    "stowage_call_faults",
    "Calls that failed in a way that somebody should look at, by code; told as 0 before the first.",
    [...faults].map(([code, value]) => ({ labels: { code: Code[code] }, value })),
  );
}
