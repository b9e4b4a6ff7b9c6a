import { createConnectTransport } from "@connectrpc/connect-web";
import { expect, test } from "vitest";
import type { HeldRef } from "../../../content/remote/held-ref.ts";
import { releaseWriter } from "../../../content/remote/held-ref.ts";
import { createRemoteStore } from "../../../content/remote/store.ts";
import { builtinPlugins } from "../../../server/plugins/builtin.ts";
import { stowageContentPlugin } from "../../../server/services/stowage-content.ts";
import { bytes, digestOf, noise } from "../../suite/support.ts";
import { openTestServer, startStowage } from "../../support/stowage.ts";

const connect = (baseUrl: string) => createConnectTransport({ baseUrl, useBinaryFormat: true });

test("a page that goes away lets go of a ref in one request, and its writer can come back", async () => {
  const { url } = await openTestServer();
  const held = new Set<HeldRef>();
  const store = createRemoteStore(connect(url), { namespace: "n", writer: "unary", held });
  await using writer = await store.writer({ ref: "upload" });
  await writer.write(bytes("abc"));
  const [mine] = held;
  if (mine === undefined) return expect.fail("nothing is held");
  await releaseWriter(url, structuredClone(mine));
  const other = await store.writer({ ref: "upload" });
  expect(await other.status()).toMatchObject({ offset: 3 });
  await expect(writer.write(bytes("def"))).rejects.toMatchObject({
    kind: "unavailable",
    facts: { locked: { ref: "upload", holder: expect.stringContaining("127.0.0.1") } },
  });
  await other.close();
  await releaseWriter("http://127.0.0.1:1", mine);
});

test("a writer goes on through a server that is killed, and one that is stopped", async () => {
  const stowage = await startStowage();
  const transport = createConnectTransport({
    baseUrl: "http://stowage.test",
    useBinaryFormat: true,
    // Another port after a restart.
    fetch: (input, init) => fetch(String(input).replace("http://stowage.test", stowage.url), init),
  });
  const store = createRemoteStore(transport, { namespace: "n", writer: "unary", resend: { retries: 100 } });
  const data = noise(6 * 1024 * 1024);
  await using writer = await store.writer({ ref: "upload", descriptor: { size: data.length, digest: digestOf(data) } });
  const third = data.length / 3;
  await writer.write(data.subarray(0, third));
  await stowage.kill("SIGKILL");
  const second = writer.write(data.subarray(third, 2 * third));
  await stowage.restart();
  await second;
  await stowage.kill("SIGTERM");
  const last = writer.write(data.subarray(2 * third));
  await stowage.restart();
  await last;
  expect(await writer.commit()).toBe(digestOf(data));
  expect(await store.info(digestOf(data))).toMatchObject({ size: data.length });
});

test("a server without ContentService is told apart by one clear error", async () => {
  const { url } = await openTestServer(builtinPlugins.filter((plugin) => plugin !== stowageContentPlugin));
  const opened = createRemoteStore(connect(url), { namespace: "n", writer: "unary" }).writer({ ref: "r" });
  await expect(opened).rejects.toMatchObject({
    kind: "not-implemented",
    message: "this server takes no writes from browsers: it has no stowage.v1.ContentService",
  });
});
