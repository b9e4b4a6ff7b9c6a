import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { ociLayoutPlugin } from "../../../server/stores/oci-layout/plugin.ts";
import { bytes, digests, put } from "../../suite/support.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { serveGuarded } from "../access/guarded.ts";
import { openTestLayout } from "../stores/oci-layout/support.ts";
import { scrape } from "./scrape.ts";

const docs = join(import.meta.dirname, "..", "..", "..", "docs");

/** What of Grafana's file asks for numbers. */
interface Dashboard {
  readonly panels: readonly { readonly targets?: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly query: string }[] };
}

/** What a server with sign-in, TLS and a store elsewhere tells after calls that went well. */
async function told() {
  const { cert, key } = await makeCertificate(await makeTempDir(), "one", "IP:127.0.0.1");
  const { root } = await openTestLayout();
  const { socket } = await serveGuarded({
    listen: [{ host: "127.0.0.1", port: 0, tls: { cert, key } }],
    config: { "stores/configured": { others: [{ name: "app", plugin: ociLayoutPlugin, config: { path: root } }] } },
  });
  const grpc = grpcTransport(socket);
  await put(createRemoteStore(grpc, { namespace: "n" }), bytes("hello"));
  await Array.fromAsync(createClient(Content, grpc).list({}, { headers: { "containerd-namespace": "n" } }));
  expect(await digests(createRemoteStore(grpc, { namespace: "default", store: "app" }))).toEqual([]);
  return await scrape("http://localhost", { socketPath: socket });
}

test("the page of the metrics lists all of them as they are told; it and the dashboard ask for no others", async () => {
  const { families, series } = await told();
  const page = await readFile(join(docs, "metrics.md"), "utf8");
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| ([\w, ]*) \| (.+) \|$/gm)];
  expect(new Map(rows.map(([, name, type, , help]) => [name, { type, help }]))).toEqual(families);
  for (const [, name = "", , labels = ""] of rows) {
    const own = series.filter((one) => one.name.replace(/_(?:bucket|sum|count)$/, "") === name || one.name === name);
    const used = new Set(own.flatMap((one) => Object.keys(one.labels)).filter((label) => label !== "le"));
    expect([...used], name).toEqual(labels === "" ? [] : labels.split(", "));
  }

  const { panels, templating } = JSON.parse(await readFile(join(docs, "grafana", "stowage.json"), "utf8")) as Dashboard;
  const expressions = [
    ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
    ...templating.list.map(({ query }) => query),
    ...[...page.matchAll(/^ +expr: (.+)$/gm)].map(([, expr = ""]) => expr),
  ];
  const asked = expressions.flatMap((expr) => expr.match(/\b(?:stowage|process|nodejs)_\w+/g) ?? []);
  expect(asked.length).toBeGreaterThan(30);
  const known = new Set(series.map(({ name }) => name));
  expect(asked.filter((name) => !known.has(name))).toEqual([]);
});
