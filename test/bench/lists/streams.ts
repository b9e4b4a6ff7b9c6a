import type { Client } from "@connectrpc/connect";
import type { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { BenchError } from "../bench-error.ts";
import type { Measurement } from "../report.ts";
import { patienceMs } from "../timed.ts";

/** How often each stream is read; once where it is slow. */
const runs = 3;

/** What a person waits for the first rows of a pattern and for all of them, in milliseconds. */
const [firstMs, allMs] = [500, 2000];

/** What a stream is about. */
interface Stream {
  readonly name: string;
  readonly filters?: string[];
  readonly regexp?: string;
  readonly orderBy?: string;
  readonly limit?: number;
  /** A pattern has its promise. */
  readonly promised?: boolean;
}

/** The stream that costs a server most: every label of every blob is looked at, and none fits. */
export const heaviest: Stream = {
  name: "regexp that fits nothing",
  regexp: "no-such-(label|value)s?$",
  promised: true,
};

const streams: readonly Stream[] = [
  { name: "all" },
  { name: "first 200 by size desc", orderBy: "size desc", limit: 200 },
  { name: "filter by a label", filters: [`labels."containerd.io/distribution.source.ghcr.io"==example/payments`] },
  { name: "regexp over digests", regexp: "^sha256:9f2", promised: true },
  { name: "regexp over labels", regexp: "payments$", promised: true },
  heaviest,
];

/** A stream as it was read, in milliseconds from the call on. */
export interface ReadStream {
  /** Rows that came. */
  readonly rows: number;
  /** To the first message. */
  readonly openMs: number;
  /** To the first rows, and to the end where there are none. */
  readonly firstMs: number;
  readonly allMs: number;
}

/** List as a dashboard reads it: the first rows and the whole set, of all namespaces. */
export async function measureStreams(client: Client<typeof ContentService>): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const stream of streams) {
    const reads: ReadStream[] = [];
    do reads.push(await readStream(client, stream));
    while (reads.length < runs && (reads.at(-1)?.allMs ?? 0) < patienceMs);
    const rows = reads[0]?.rows ?? 0;
    process.stderr.write(`${stream.name}: ${reads.map(({ allMs }) => Math.round(allMs)).join(" ")}\n`);
    const name = `List ${stream.name}`;
    measurements.push(
      { name: `${name}: first message`, unit: "ms", values: reads.map((read) => read.openMs) },
      {
        name: `${name}: first rows`,
        unit: "ms",
        values: reads.map((read) => read.firstMs),
        ...(stream.promised === true && rows > 0 && { atMost: firstMs }),
      },
      {
        name: `${name}: whole`,
        unit: "ms",
        values: reads.map((read) => read.allMs),
        ...(stream.promised === true && { atMost: allMs }),
        note: `${rows} rows`,
      },
    );
  }
  return measurements;
}

/** Read a List to its end. @throws BenchError where it ends before it is complete */
export async function readStream(client: Client<typeof ContentService>, stream: Stream): Promise<ReadStream> {
  const { filters = [], regexp = "", orderBy = "", limit = 0 } = stream;
  const begun = performance.now();
  const elapsed = (): number => performance.now() - begun;
  let [rows, openMs, firstRowsMs, complete] = [0, 0, 0, false];
  const request = { selection: { filters, regexp, namespaces: ["*"] }, orderBy, limit, watch: { follow: false } };
  for await (const { event } of client.list(request)) {
    openMs ||= elapsed();
    if (event.case === "bookmark") complete ||= event.value.setComplete;
    if (event.case !== "batch") continue;
    firstRowsMs ||= elapsed();
    rows += event.value.items.length;
  }
  if (!complete) throw new BenchError(`the stream of ${stream.name} was cut`);
  const wholeMs = elapsed();
  return { rows, openMs, firstMs: firstRowsMs || wholeMs, allMs: wholeMs };
}

/** containerd's List of one namespace, over gRPC. */
export async function measureContainerdList(client: Client<typeof Content>): Promise<readonly Measurement[]> {
  const headers = { "containerd-namespace": "k8s.io" };
  const [firsts, alls]: [number[], number[]] = [[], []];
  let rows = 0;
  while (alls.length < runs && (alls.at(-1) ?? 0) < patienceMs) {
    const begun = performance.now();
    let first = 0;
    rows = 0;
    for await (const { info } of client.list({}, { headers })) {
      first ||= performance.now() - begun;
      rows += info.length;
    }
    firsts.push(first);
    alls.push(performance.now() - begun);
  }
  return [
    { name: "containerd's List of k8s.io: first message", unit: "ms", values: firsts },
    { name: "containerd's List of k8s.io: whole", unit: "ms", values: alls, note: `${rows} rows` },
  ];
}
