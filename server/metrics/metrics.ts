import type { Audit } from "../audit/audit.ts";
import type { Collector } from "../collection/schedule.ts";
import type { Metadata } from "../metadata/metadata.ts";
import type { ServedCertificate } from "../plugins/listener.ts";
import type { Authenticator } from "../policy/authenticate.ts";
import type { CallMeter } from "../policy/call-meter.ts";
import type { StreamPlaces } from "../policy/stream-places.ts";
import { auditFamilies, certificateFamilies, signInFamilies } from "./access.ts";
import { createCallCounts } from "./calls.ts";
import { blobFamilies, collectionFamilies, ingestFamilies, maxNamespaces, trafficFamilies } from "./content.ts";
import type { Family } from "./family.ts";
import type { Format } from "./format.ts";
import { formatFamilies } from "./format.ts";
import { processFamilies } from "./process.ts";
import type { CountedStore } from "./stores.ts";
import { storeFamilies } from "./stores.ts";

/** What a server tells of itself in numbers. */
export interface Metrics {
  /** Is to be told of every call. */
  readonly calls: CallMeter;
  /**
   * Everything as it is now, counted beside the event loop.
   *
   * @throws where the database or the disk does not answer
   */
  read(format: Format): Promise<string>;
}

/** What the numbers are about. */
export interface MetricsOptions {
  readonly metadata: Pick<Metadata, "inventory" | "transferred">;
  readonly streams: Pick<StreamPlaces, "taken">;
  /** Absent: nothing is collected. */
  readonly collector?: Pick<Collector, "totals">;
  /** All stores that calls can name. */
  readonly stores: readonly CountedStore[];
  /** Absent: nothing is recorded. */
  readonly audit?: Pick<Audit, "counts" | "lost">;
  /** Absent: nobody signs in. */
  readonly auth?: Pick<Authenticator, "refusals">;
  /** Those of every address with TLS, as they are now. */
  certificates(): readonly ServedCertificate[];
  /** The data directory. */
  readonly root: string;
  /** Of the server. */
  readonly version: string;
  /** Milliseconds without a byte after which a writer stalls. */
  readonly stalledMs: number;
}

/** The metrics of a server. Those who ask while an answer is made share it, so that asking often costs no more. */
export function createMetrics(options: MetricsOptions): Metrics {
  const calls = createCallCounts();
  let making: Promise<readonly Family[]> | undefined;

  async function make(): Promise<readonly Family[]> {
    const { metadata, streams, collector, stores, audit, auth, root, version, stalledMs } = options;
    const [inventory, ofProcess] = await Promise.all([metadata.inventory(maxNamespaces), processFamilies(root)]);
    return [
      build(version),
      ...calls.families(),
      ...trafficFamilies(metadata.transferred, streams.taken),
      ...blobFamilies(inventory),
      ...ingestFamilies(inventory, Date.now(), stalledMs),
      ...(collector === undefined ? [] : collectionFamilies(collector.totals)),
      ...storeFamilies(stores),
      ...(audit === undefined ? [] : auditFamilies(audit)),
      ...(auth === undefined ? [] : signInFamilies(auth)),
      ...certificateFamilies(options.certificates()),
      ...ofProcess,
    ];
  }

  return {
    calls,
    async read(format) {
      making ??= make().finally(() => {
        making = undefined;
      });
      return formatFamilies(await making, format);
    },
  };
}

function build(version: string): Family {
  return {
    name: "stowage_build",
    type: "info",
    help: "The version of the server.",
    samples: [{ labels: { version }, value: 1 }],
  };
}
