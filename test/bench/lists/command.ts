import { access } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ContentService } from "../../../gen/stowage/v1/content_pb.js";
import { grpcTransport } from "../../support/grpc.ts";
import { BenchError } from "../bench-error.ts";
import type { Measurement } from "../report.ts";
import { tell } from "../report.ts";
import { measureInfos } from "./infos.ts";
import { measurePages } from "./pages.ts";
import { startServer } from "./server.ts";
import { measureContainerdList, measureStreams } from "./streams.ts";

/**
 * `bench lists`: how fast a server answers for what is in a data directory, asked from another process.
 *
 * @param only one of pages, streams, list and info; absent: all of them
 */
export async function runLists(root: string, json: string | undefined, only: string | undefined): Promise<void> {
  await access(join(root, "metadata.db")).catch((cause: unknown) => {
    throw new BenchError(`${root} holds no data: fill it first, npm run bench -- fill 1000000 --data ${root}`, {
      cause,
    });
  });
  await using server = await startServer(root);
  const atStart = await server.rssAnonMiB();
  const service = createClient(ContentService, createConnectTransport({ baseUrl: server.url, httpVersion: "2" }));
  const content = createClient(Content, grpcTransport(server.socket));
  const measurements: Measurement[] = [{ name: "start to the ready line", unit: "ms", values: [server.startMs] }];
  const parts: Readonly<Record<string, () => Promise<readonly Measurement[]>>> = {
    pages: () => measurePages(service),
    streams: () => measureStreams(service),
    list: () => measureContainerdList(content),
    info: () => measureInfos(content, service),
  };
  const memory = [atStart];
  for (const [part, measure] of Object.entries(parts)) {
    if (only !== undefined && part !== only) continue;
    const found = await measure();
    for (const { name, values } of found) process.stderr.write(`${name}: ${values.map(Math.round).join(" ")}\n`);
    measurements.push(...found);
    memory.push(await server.rssAnonMiB());
  }
  measurements.push({ name: "RssAnon after start", unit: "MiB", values: [atStart] });
  measurements.push({
    name: "RssAnon, most between measurements",
    unit: "MiB",
    values: [Math.max(...memory)],
    note: `after each part: ${memory.slice(1).map(Math.round).join(", ")}`,
  });
  await tell({ command: `lists ${root}`, measurements }, json);
}
