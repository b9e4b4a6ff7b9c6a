import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { openServer } from "../../../server/server.ts";
import { bytes, put } from "../../suite/support.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { openTestServer } from "../../support/stowage.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { scrape } from "../metrics/scrape.ts";
import { ask } from "./serve.ts";

test("whoever may call is answered, by GET and HEAD, and nobody else", async () => {
  const { url } = await openTestServer(builtinPlugins, { allowOrigins: ["http://app.example"] });
  const refused = [{ host: "stowage.example" }, { "sec-fetch-site": "cross-site" }, { "x-forwarded-for": "10.0.0.1" }];
  for (const headers of refused) expect((await ask(`${url}/metrics`, { headers })).status).toBe(403);
  const head = await ask(`${url}/metrics`, { method: "HEAD" });
  expect([head.status, head.text]).toEqual([200, ""]);
  expect(head.headers).toMatchObject({ "cross-origin-resource-policy": "same-origin", "cache-control": "no-store" });
  expect((await ask(`${url}/metrics`, { method: "DELETE" })).status).toBe(405);
  const accept = "application/openmetrics-text; version=1.0.0";
  const open = await ask(`${url}/metrics`, { headers: { accept, origin: "http://app.example" } });
  expect(open.headers["content-type"]).toBe("application/openmetrics-text; version=1.0.0; charset=utf-8");
  expect(open.headers["access-control-allow-origin"]).toBeUndefined();
  expect(open.text).toMatch(/\n# EOF\n$/);
});

test("a backend's address has no metrics, but its calls are counted; where they are off there are none", async () => {
  const root = await makeTempDir();
  const backend = join(root, "backend.sock");
  const listen = [{ host: "127.0.0.1", port: 0 }];
  const backends = [{ namespace: "cluster", socket: backend }];
  const server = await openServer({
    plugins: builtinPlugins,
    root,
    listen,
    backends,
    logger: pino({ level: "silent" }),
  });
  onTestFinished(() => server.close(0));
  expect((await ask("http://localhost/metrics", { socketPath: backend })).status).toBe(404);
  await put(createRemoteStore(grpcTransport(backend), { namespace: "ignored" }), bytes("hello"));
  const { value } = await scrape(server.urls[0] ?? "");
  expect(value("stowage_blobs", { namespace: "cluster" })).toBe(1);
  expect(
    value("stowage_calls_total", { service: "containerd.services.content.v1.Content", method: "Write", code: "ok" }),
  ).toBe(1);

  const off = { "metrics/prometheus": "the config turns it off" };
  const other = await openServer({
    plugins: builtinPlugins,
    root: await makeTempDir(),
    listen,
    off,
    logger: pino({ level: "silent" }),
  });
  onTestFinished(() => other.close(0));
  expect((await ask(`${other.urls[0]}/metrics`)).status).toBe(404);
  expect((await ask(`${other.urls[0]}/healthz`)).status).toBe(200);
});

test("methods that are not served are one", async () => {
  const { url } = await openTestServer();
  const before = (await scrape(url)).series.length;
  for (let at = 0; at < 30; at += 1) await ask(`${url}/made.up${at}.Service/Method${at}`, { method: "POST" });
  const { series, value } = await scrape(url);
  expect(series.length).toBe(before + 1);
  const unknown = { service: "unknown", method: "unknown", code: "Unimplemented" };
  expect(value("stowage_calls_total", unknown)).toBe(30);
});
