import { expect, test } from "vitest";
import { createRemoteStore } from "../../content/remote/store.ts";
import { createCtr, openIngest } from "../support/ctr.ts";
import { grpcTransport } from "../support/grpc.ts";
import { openTestServer } from "../support/stowage.ts";

const mib = 1024 * 1024;

test("a client that is killed in a write lets go of the ref, and another one goes on where it was", async () => {
  const { socket } = await openTestServer();
  const ctr = createCtr(socket);
  const data = new Uint8Array(mib);
  const ingest = openIngest(socket, "killed", "left");
  ingest.write(data);
  const active = () => ctr(["-n", "killed", "content", "active"]);
  await expect.poll(async () => (await active()).stdout).toContain("1.049MB");
  await ingest.kill();

  const store = createRemoteStore(grpcTransport(socket), { namespace: "killed" });
  await using writer = await store.writer({ ref: "left" });
  expect((await writer.status()).offset).toBe(mib);
});
