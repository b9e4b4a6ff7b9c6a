import type { Client } from "@connectrpc/connect";
import type { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import type { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import type { Measurement } from "../report.ts";
import { quantile } from "../report.ts";
import { timed } from "../timed.ts";
import { heaviest, readStream } from "./streams.ts";

/** Infos that are asked for, one after the other. */
const calls = 1000;

const headers = { "containerd-namespace": "k8s.io" };

/** How long an Info takes alone, and while the heaviest List is read over and over. */
export async function measureInfos(
  content: Client<typeof Content>,
  service: Client<typeof ContentService>,
): Promise<readonly Measurement[]> {
  const digests = await someDigests(service);
  await askAll(content, digests);
  const alone = await askAll(content, digests);
  let asking = true;
  const heavy = (async () => {
    while (asking) await readStream(service, heaviest);
  })();
  const beside = await askAll(content, digests).finally(() => {
    asking = false;
  });
  await heavy;
  return [...figuresOf("Info alone", alone), ...figuresOf("Info beside the heaviest List", beside)];
}

function figuresOf(name: string, values: readonly number[]): readonly Measurement[] {
  const figures = { median: 0.5, "99 %": 0.99, slowest: 1 };
  return Object.entries(figures).map(([figure, share]) => {
    return { name: `${name}: ${figure}`, unit: "ms", values: [quantile(values, share)], note: `of ${values.length}` };
  });
}

async function askAll(content: Client<typeof Content>, digests: readonly string[]): Promise<readonly number[]> {
  const values: number[] = [];
  for (let call = 0; call < calls; call++) {
    const digest = digests[call % digests.length] ?? "";
    values.push(await timed(() => content.info({ digest }, { headers })));
  }
  return values;
}

/** Digests from all over the namespace: those that were written last have nothing else in common. */
async function someDigests(service: Client<typeof ContentService>): Promise<readonly string[]> {
  const digests: string[] = [];
  const request = { orderBy: "created_at desc", limit: calls, watch: { follow: false } };
  for await (const { event } of service.list(request, { headers })) {
    if (event.case === "batch") digests.push(...event.value.items.map(({ info }) => info?.digest ?? ""));
  }
  return digests;
}
