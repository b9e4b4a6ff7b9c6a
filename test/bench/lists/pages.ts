import type { Client } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import type { ContentService, ListPageResponse } from "../../../gen/stowage/v1/content_pb.js";
import { BenchError } from "../bench-error.ts";
import type { Measurement } from "../report.ts";
import { timed, timedRuns } from "../timed.ts";

/** Orders that a list is sorted in by a click. */
const orders = ["digest", "size desc", "created_at desc", "updated_at", "namespace, size desc"];

/** Rows of a page. */
const pageSize = 200;

/** How often each page is asked for. */
const runs = 3;

/** What a person waits for a page at most, in milliseconds: sorted or filtered, and after a jump. */
const [sortedMs, jumpMs] = [300, 250];

/** What a person waits for the first rows of a pattern, in milliseconds. */
const firstFoundMs = 500;

const patterns = ["^sha256:9f2", "payments$"];

type ContentClient = Client<typeof ContentService>;

interface Place {
  readonly namespaces: readonly string[];
  readonly orderBy: string;
  readonly skip: number;
}

/** The first page, a page after a jump, and the last one, of each order; of all namespaces and of one. */
export async function measurePages(client: ContentClient): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  try {
    for (const namespaces of [["*"], ["k8s.io"]]) {
      const total = Number((await page(client, { namespaces, orderBy: "", skip: 0 })).totalSize);
      for (const orderBy of orders) measurements.push(...(await measureOrder(client, namespaces, orderBy, total)));
    }
    measurements.push(await measureTotals(client), ...(await measurePatterns(client)));
    return measurements;
  } catch (error) {
    if (!(error instanceof ConnectError) || error.code !== Code.Unimplemented) throw error;
    return [{ name: "ListPage", unit: "ms", values: [], note: "not served" }];
  }
}

async function measureOrder(
  client: ContentClient,
  namespaces: readonly string[],
  orderBy: string,
  total: number,
): Promise<readonly Measurement[]> {
  const places = { "first page": 0, "row 90 %": Math.floor(total * 0.9), "last page": Math.max(0, total - pageSize) };
  const measurements: Measurement[] = [];
  for (const [name, skip] of Object.entries(places)) {
    const values = await timedRuns(runs, async () => {
      const { items } = await page(client, { namespaces, orderBy, skip });
      if (items.length !== Math.min(pageSize, total - skip))
        throw new BenchError(`${name} of ${orderBy} has ${items.length} rows`);
    });
    const atMost = skip === 0 ? sortedMs : jumpMs;
    measurements.push({ name: `page ${namespaces} by ${orderBy}: ${name}`, unit: "ms", values, atMost });
  }
  return measurements;
}

/** Count and bytes of two namespaces together: what they share counts once. */
async function measureTotals(client: ContentClient): Promise<Measurement> {
  const values = await timedRuns(runs, () => page(client, { namespaces: ["k8s.io", "moby"], orderBy: "", skip: 0 }));
  return { name: "count and bytes of two namespaces", unit: "ms", values, atMost: sortedMs };
}

/** The first page of a pattern, sorted: the server looks at every row once, and keeps what it found for the next page. */
async function measurePatterns(client: ContentClient): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (const regexp of patterns) {
    const request = { selection: { namespaces: ["*"], regexp }, orderBy: "size desc", pageSize };
    const first = await timed(() => client.listPage(request));
    const again = await timedRuns(runs, () => client.listPage({ ...request, skip: pageSize }));
    measurements.push({
      name: `page * by size desc, /${regexp}/: first`,
      unit: "ms",
      values: [first],
      atMost: firstFoundMs,
    });
    measurements.push({ name: `page * by size desc, /${regexp}/: next`, unit: "ms", values: again, atMost: jumpMs });
  }
  return measurements;
}

function page(client: ContentClient, { namespaces, orderBy, skip }: Place): Promise<ListPageResponse> {
  return client.listPage({ selection: { namespaces: [...namespaces] }, orderBy, pageSize, skip });
}
