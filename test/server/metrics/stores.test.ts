import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { Content } from "../../../gen/containerd/services/content/v1/content_pb.js";
import { AccessService, Role } from "../../../gen/stowage/v1/access_pb.js";
import { createMetrics } from "../../../server/metrics/metrics.ts";
import { createStreamPlaces } from "../../../server/policy/stream-places.ts";
import { remoteStorePlugin } from "../../../server/relay/plugin.ts";
import { buildkitPlugin } from "../../../server/stores/buildkit/plugin.ts";
import { memoryStorePlugin } from "../../../server/stores/memory/plugin.ts";
import { bytes, digests, failure, put } from "../../suite/support.ts";
import { makeCertificate } from "../../support/certificate.ts";
import { grpcTransport } from "../../support/grpc.ts";
import { makeTempDir } from "../../support/temp-dir.ts";
import { bearer, serveGuarded } from "../access/guarded.ts";
import { openTestMetadata, put as putText } from "../metadata/support.ts";
import { openTestMirror, quick, sourceOver } from "../mirror/support.ts";
import { failure as callFailure } from "../services/calls.ts";
import { scrape } from "./scrape.ts";

test("every store tells whether it answers and what it holds, and one that nobody asked yet nothing", async () => {
  const nowhere = join(await makeTempDir(), "none.sock");
  const { socket } = await serveGuarded({
    config: {
      "stores/configured": {
        others: [
          { name: "second", plugin: memoryStorePlugin, config: {} },
          { name: "gone", plugin: buildkitPlugin, config: { address: `unix:${nowhere}` } },
          { name: "node", plugin: remoteStorePlugin, config: { url: `unix:${nowhere}` } },
        ],
      },
    },
  });
  const grpc = grpcTransport(socket);
  for (const namespace of ["a", "b"]) {
    await put(createRemoteStore(grpc, { namespace, store: "second" }), bytes("in both"));
  }
  await expect(digests(createRemoteStore(grpc, { namespace: "buildkit", store: "gone" }))).rejects.toEqual(
    failure("unavailable", /does not answer/),
  );
  const { value } = await scrape("http://localhost", { socketPath: socket });
  const up = (store: string, plugin: string) => value("stowage_store_up", { store, plugin });
  expect([up("local", "local"), up("second", "memory"), up("gone", "buildkit"), up("node", "remote")]).toEqual([
    1,
    1,
    0,
    Number.NaN,
  ]);
  const held = (store: string) => [value("stowage_store_blobs", { store }), value("stowage_store_bytes", { store })];
  expect([held("local"), held("second"), held("gone")]).toEqual([
    [0, 0],
    [2, 7],
    [Number.NaN, Number.NaN],
  ]);
  expect(value("stowage_store_latency_seconds", { store: "local" })).toBeNaN();
});

test("whoever reads the numbers of a store elsewhere asks it nothing, and has no answer waited for", async () => {
  const { metadata, root } = await openTestMetadata();
  await putText(metadata, "n", "one");
  const source = sourceOver(metadata);
  const { mirror } = await openTestMirror({ source, timing: { ...quick, idleMs: 100 } });
  await mirror.ready();
  await expect.poll(() => mirror.state.isWatched).toBe(false);
  const asked = [...source.behaviour.calls];
  source.behaviour.hangs = true;
  const there = {
    name: "there",
    plugin: "test",
    state: () => mirror.state,
    totals: (names: Parameters<typeof mirror.totals>[0]) => mirror.totals(names),
  };
  const { read } = createMetrics({
    metadata,
    streams: createStreamPlaces(),
    stores: [there],
    certificates: () => [],
    root,
    version: "1",
    stalledMs: 0,
  });
  const text = await read("text");
  expect(text).toContain('stowage_store_up{store="there",plugin="test"} 1\n');
  expect(text).toContain('stowage_store_blobs{store="there"} 1\n');
  expect(text).toMatch(/^stowage_store_latency_seconds\{store="there"\} [\d.e-]+$/m);
  expect(mirror.state.isWatched).toBe(false);
  expect([...source.behaviour.calls]).toEqual(asked);
});

test("what was done, refused and failed is counted, and who was not let in", async () => {
  const { url, socket, token, admin, dial } = await serveGuarded();
  const web = dial("connect");
  const reader = await token({ name: "mei", role: Role.READER });
  const digest = await put(createRemoteStore(grpcTransport(socket), { namespace: "n" }), bytes("hello"));
  const removal = (headers: Record<string, string>) =>
    createClient(Content, web).delete({ digest }, { headers: { "containerd-namespace": "n", ...headers } });
  await callFailure(removal(bearer(reader)));
  await callFailure(removal(bearer(`${reader.slice(0, -1)}_`)));
  await callFailure(removal({}));
  await callFailure(createClient(AccessService, web).signIn({ token: "stw_" }));
  const { tokens } = await admin.listTokens({});
  await admin.revokeToken({ id: tokens.find(({ name }) => name === "mei")?.id ?? "" });
  await callFailure(removal(bearer(reader)));
  const { value } = await scrape(url, { headers: bearer(await token({ role: Role.READER })) });
  const events = (act: string) =>
    ["done", "refused", "failed"].map((outcome) => value("stowage_audit_events_total", { act, outcome }));
  expect([events("write"), events("delete"), events("sign-in")]).toEqual([
    [1, 0, 0],
    [0, 4, 0],
    [0, 1, 0],
  ]);
  expect(value("stowage_audit_events_lost_total")).toBe(0);
  const refused = ["unknown", "ended", "limited"].map((reason) => value("stowage_sign_in_failures_total", { reason }));
  expect(refused).toEqual([2, 1, 0]);
});

test("the end of a certificate is told by the address that it is served on", async () => {
  const { cert, key } = await makeCertificate(await makeTempDir(), "one", "IP:127.0.0.1");
  const { url, socket } = await serveGuarded({ listen: [{ host: "127.0.0.1", port: 0, tls: { cert, key } }] });
  const { value } = await scrape("http://localhost", { socketPath: socket });
  const address = new URL(url).host;
  const ends = value("stowage_tls_certificate_expiry_timestamp_seconds", { address });
  expect(Math.abs(ends - (Date.now() / 1000 + 86_400))).toBeLessThan(60);
});
