import { createConnectTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import type { AuditEvent } from "../../content/audit.ts";
import { parseDigest } from "../../content/parse-digest.ts";
import { followAudit, getAuditPage } from "../../content/remote/audit.ts";
import { createRemoteStore } from "../../content/remote/store.ts";
import { createCtr } from "../support/ctr.ts";
import { startStowage } from "../support/stowage.ts";

test("what ctr does is told as it happens, and what was told is there after kill -9", async () => {
  const stowage = await startStowage();
  const ctr = createCtr(stowage.socket);
  const overConnect = () => createConnectTransport({ baseUrl: stowage.url, httpVersion: "1.1" });
  const over = new AbortController();
  const told: AuditEvent[] = [];
  const following = (async () => {
    for await (const event of followAudit(overConnect(), {}, over.signal)) {
      if (event.kind === "events") told.push(...event.events);
    }
  })();
  const ingested = await ctr(["content", "ingest", "hello"], { input: "hello\n" });
  expect(ingested.status).toBe(0);
  const digest = parseDigest("sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
  await ctr(["content", "label", digest, "team=payments"]);
  const store = createRemoteStore(overConnect(), { namespace: "default", writer: "unary" });
  for (let index = 0; index < 50; index++) {
    await store.update({ digest, labels: { index: `${index}` } }, ["labels.index"]);
  }
  await ctr(["content", "rm", digest]);
  await expect.poll(() => told.length).toBe(53);
  await stowage.kill("SIGKILL");
  over.abort();
  await following.catch(() => undefined);
  await stowage.restart();

  const { events } = await getAuditPage(overConnect(), { selection: {}, size: 100 });
  expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 53 }, (_, index) => 53 - index));
  expect(events.slice(1, 51).map(({ changes }) => changes[0]?.after)).toEqual(
    Array.from({ length: 50 }, (_, index) => `${49 - index}`),
  );
  const [removed, , labelled, written] = [events[0], undefined, events[51], events[52]];
  const byCtr = { peer: "unix socket", userAgent: expect.stringContaining("grpc-go"), namespace: "default", digest };
  expect(written).toMatchObject({ ...byCtr, act: "write", name: "hello", bytes: 6 });
  expect(labelled).toMatchObject({ ...byCtr, act: "label", changes: [{ name: "label team", after: "payments" }] });
  expect(removed).toMatchObject({ ...byCtr, act: "delete", bytes: 6 });
});
